/** Solves ALTCHA's proof of work, which needs neither the visitor nor a third party. */
import { solveChallenge, type Challenge } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/web/pbkdf2';

export type { Challenge };

/**
 * @returns the token; undefined if it was aborted
 * @throws without Web Crypto, as on a page over http
 */
export async function solveAltcha(
  challenge: Challenge,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const controller = new AbortController();
  const abort = () => controller.abort();
  signal?.addEventListener('abort', abort);
  try {
    const solution = await solveChallenge({ challenge, deriveKey, controller });
    if (solution === null || signal?.aborted === true) return undefined;
    return btoa(JSON.stringify({ challenge, solution }));
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}
