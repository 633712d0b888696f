/**
 * Proves later that this browser is the one that signed up (as PKCE does, RFC 7636): the sign-up sends the hash of a
 * random verifier, and redeeming the mailed link sends the verifier. The service's own cookie does the same, but before a
 * sign-up no page can know whether its browser refuses that cookie.
 */
import { attempt, type TokenStorage } from './bearer-store.js';
import { challengeOf, createVerifier, type PageCrypto } from './code-challenge.js';

export interface SignUpVerifier {
  /** The challenge for a sign-up; undefined if this browser cannot keep a verifier. */
  readonly challenge: () => Promise<string | undefined>;
  /** The verifier of the last sign-up in this browser. */
  readonly verifier: () => string | undefined;
  readonly clear: () => void;
}

export interface VerifierDependencies {
  /** Shared by all tabs: a mailed link opens in another one than the sign-up. */
  readonly storage: TokenStorage | undefined;
  readonly crypto: PageCrypto;
}

export function createSignUpVerifier(
  key: string,
  { storage, crypto }: VerifierDependencies,
): SignUpVerifier {
  const read = () => attempt(() => storage?.getItem(key)) ?? undefined;

  return {
    async challenge() {
      if (storage === undefined || crypto.subtle === undefined) return undefined;
      // One for all sign-ups of this browser: a second one must not make the first one's link ask for the password.
      const verifier = read() ?? createVerifier(crypto);
      attempt(() => storage.setItem(key, verifier));
      if (read() !== verifier) return undefined;
      return challengeOf(verifier, crypto);
    },
    verifier: read,
    clear() {
      attempt(() => storage?.removeItem(key));
    },
  };
}
