/** What every check is given. */
import type { Ask } from './http-client.js';
import type { Options } from './options.js';

export interface Examination extends Omit<Options, 'json'> {
  readonly diagnosticsToken: string | undefined;
  readonly ask: Ask;
  /** Waits, and tells why. @throws when the examination is interrupted meanwhile, unless that must not count */
  readonly wait: (
    seconds: number,
    why: string,
    options?: { readonly uninterrupted?: boolean },
  ) => Promise<void>;
  /** From now on this text is taken out of everything that is printed. */
  readonly keepSecret: (text: string) => void;
}
