/** What every check receives. */
import type { LookupTxt } from './dns-client.js';
import type { SendRequest } from './http-client.js';
import type { Options } from './options.js';

export interface DoctorContext extends Omit<Options, 'json'> {
  readonly diagnosticsToken: string | undefined;
  readonly request: SendRequest;
  readonly lookupTxt: LookupTxt;
  /**
   * Waits, and prints the reason.
   * @throws when the run is interrupted meanwhile, unless `uninterrupted` is set
   */
  readonly wait: (
    seconds: number,
    reason: string,
    options?: { readonly uninterrupted?: boolean },
  ) => Promise<void>;
  /** Removes this text from everything printed from now on. */
  readonly registerSecret: (text: string) => void;
}
