/** Repeats a call that the service refused for want of a captcha, with the token of its solution. */
import { actionTimeoutMs, restartDeadline } from '../deadline.js';
import { isObject } from '../response-shapes.js';
import { notShownMessage } from './captcha-messages.js';
import type { ShownProvider } from './captcha-widgets.js';
import type { Challenge } from './solve-altcha.js';

/** As BetterAuth's captcha client sends it. */
const tokenHeader = 'x-captcha-response';

/** The visitor solves the captcha meanwhile: longer than a token is valid. */
const visitorTimeoutMs = 5 * 60_000;

/**
 * @param refusal a response with status 403, of any kind
 * @param repeat sends the call again, with these headers
 * @returns the response to the repeated call; the refusal itself where it has no captcha that can be solved here
 */
export async function repeatWithCaptcha(
  refusal: Response,
  repeat: (headers: Headers) => Promise<Response>,
  init: RequestInit | undefined,
): Promise<Response> {
  const captcha = await captchaOf(refusal);
  if (captcha === undefined) return refusal;
  const signal = init?.signal ?? undefined;
  const repeatWith = (token: string) => {
    const headers = new Headers(init?.headers);
    headers.set(tokenHeader, token);
    return repeat(headers);
  };
  if (captcha.provider === 'altcha') {
    const token = await solve(captcha.challenge, signal);
    return token === undefined ? refusal : repeatWith(token);
  }
  restartDeadline(signal, visitorTimeoutMs);
  const { showCaptcha } = await import('./show-captcha.js');
  const shown = await showCaptcha(captcha, signal);
  if (shown.result === 'cancelled' || signal?.aborted === true) return refusal;
  restartDeadline(signal, actionTimeoutMs);
  if (shown.result === 'solved') return repeatWith(shown.token);
  // The service lets the call pass if it cannot reach the provider either (CAPTCHA_ON_OUTAGE).
  const answer = await repeatWith('not-loaded');
  return answer.status === 403 ? withMessage(answer, notShownMessage(captcha.provider)) : answer;
}

/** @returns undefined where it cannot be solved, as without Web Crypto */
async function solve(
  challenge: Challenge,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  try {
    const { solveAltcha } = await import('./solve-altcha.js');
    return await solveAltcha(challenge, signal);
  } catch {
    return undefined;
  }
}

type Captcha =
  | {
      readonly provider: 'altcha';
      readonly challenge: Challenge;
    }
  | { readonly provider: ShownProvider; readonly siteKey: string };

async function captchaOf(refusal: Response): Promise<Captcha | undefined> {
  const body: unknown = await refusal
    .clone()
    .json()
    .catch(() => undefined);
  const captcha = isObject(body) && isObject(body.captcha) ? body.captcha : {};
  const { provider, challenge, siteKey } = captcha;
  if (provider === 'altcha') return isObject(challenge) ? (captcha as Captcha) : undefined;
  const isShown = provider === 'turnstile' || provider === 'hcaptcha';
  return isShown && typeof siteKey === 'string' ? { provider, siteKey } : undefined;
}

async function withMessage(refusal: Response, message: string): Promise<Response> {
  const body = (await refusal.json().catch(() => ({}))) as object;
  return Response.json({ ...body, code: 'CAPTCHA_NOT_SHOWN', message }, { status: 403 });
}
