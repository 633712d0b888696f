/** What every check is given. */
import type { Ask } from './http-client.js';

export interface Examination {
  /** The service's origin, as browsers call it. */
  readonly authUrl: string;
  /** Origins of the pages that call it; exact, at least one. */
  readonly origins: readonly string[];
  /** A route of the API that needs a signed-in caller. */
  readonly apiUrl: string | undefined;
  readonly probeUser: boolean;
  readonly probeRateLimits: boolean;
  /** Other deployments' origins. */
  readonly compare: readonly string[];
  /** Addresses of this machine to ask from. */
  readonly localAddresses: readonly string[];
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
