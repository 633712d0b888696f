/** Solves ALTCHA's proof of work, which needs neither the visitor nor a third party, and repeats the call. */
import { solveChallenge, type Challenge } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/web/pbkdf2';

/** As BetterAuth's captcha client sends it. */
const tokenHeader = 'x-captcha-response';

/**
 * @param refusal a response with status 403, of any kind
 * @param repeat sends the call again, with these headers
 * @returns the response to the repeated call; the refusal itself where it has no challenge that can be solved here
 */
export async function repeatWithCaptcha(
  refusal: Response,
  repeat: (headers: Headers) => Promise<Response>,
  init: RequestInit | undefined,
): Promise<Response> {
  const challenge = await challengeOf(refusal);
  if (challenge === undefined) return refusal;
  const signal = init?.signal ?? undefined;
  const controller = new AbortController();
  const abort = () => controller.abort();
  signal?.addEventListener('abort', abort);
  try {
    const solution = await solveChallenge({ challenge, deriveKey, controller });
    if (solution === null || signal?.aborted === true) return refusal;
    const headers = new Headers(init?.headers);
    headers.set(tokenHeader, btoa(JSON.stringify({ challenge, solution })));
    return await repeat(headers);
  } catch {
    return refusal; // without Web Crypto, as on a page over http
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}

async function challengeOf(refusal: Response): Promise<Challenge | undefined> {
  const body = (await refusal
    .clone()
    .json()
    .catch(() => undefined)) as { captcha?: { challenge?: Challenge } } | null | undefined;
  return body?.captcha?.challenge;
}
