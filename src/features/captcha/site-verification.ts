/**
 * Turnstile and hCaptcha: the page gets a token from the provider, and this service asks the provider about it.
 * https://developers.cloudflare.com/turnstile/get-started/server-side-validation/, https://docs.hcaptcha.com/#verify-the-user-response-server-side
 */
import type { Config } from '../../config/config.js';
import { createOriginCheck } from '../../config/trusted-origin.js';
import { CaptchaFailure, type CaptchaProvider } from './captcha-provider.js';
import type { SiteVerification } from './feature.js';
import type { CaptchaReason } from './reasons.js';

const deadlineMs = 2_000;
const maxResponseBytes = 64_000;
/** Longer than any token; it is not sent. */
const maxTokenLength = 8_192;
/** After a failure the provider is not asked for this long, so that requests do not wait for it one after the other. */
const pauseMs = 10_000;

const refusals: Readonly<Record<string, CaptchaReason>> = {
  'missing-input-secret': 'captcha_secret_wrong',
  'invalid-input-secret': 'captcha_secret_wrong',
  // What is not here is captcha_wrong, also sitekey-secret-mismatch: a token of anybody's own site key causes it.
  'timeout-or-duplicate': 'captcha_expired',
  'expired-input-response': 'captcha_expired',
  'already-seen-response': 'captcha_used',
  'internal-error': 'captcha_unavailable',
};

interface Verdict {
  readonly success: boolean;
  readonly hostname?: unknown;
  readonly 'error-codes'?: unknown;
}

type Origins = Pick<Config, 'trustedOrigins' | 'originPatterns'>;

export function createSiteVerification(
  settings: SiteVerification,
  origins: Origins,
): CaptchaProvider {
  const { provider, siteKey, secretKey, verifyUrl } = settings;
  const isTrusted = createOriginCheck(origins);
  const hostnames = new Set(
    origins.trustedOrigins
      .filter((origin) => URL.canParse(origin))
      .map((origin) => new URL(origin).hostname),
  );
  let failedAt = -Infinity;
  const isFailing = () => performance.now() - failedAt < pauseMs;

  async function ask(token: string): Promise<Verdict> {
    if (isFailing()) throw new CaptchaFailure('captcha_unavailable');
    try {
      return await post(verifyUrl, {
        secret: secretKey,
        response: token,
        ...(provider === 'hcaptcha' && { sitekey: siteKey }),
      });
    } catch (cause) {
      failedAt = performance.now();
      throw new CaptchaFailure('captcha_unavailable', { cause });
    }
  }

  /** Whether the captcha was solved on a page of a trusted origin. hCaptcha does not know it where pages send no referrer. */
  function isOwnPage(hostname: unknown): boolean {
    if (hostname === undefined || hostname === 'not-provided') return provider === 'hcaptcha';
    if (typeof hostname !== 'string') return false;
    return hostnames.has(hostname) || isTrusted(`https://${hostname}`);
  }

  return {
    isFailing,
    challenge: () => Promise.resolve({ siteKey }),
    async verify(token) {
      if (token.length > maxTokenLength) throw new CaptchaFailure('captcha_wrong');
      const { success, hostname, 'error-codes': codes } = await ask(token);
      if (!success) {
        const reason = reasonOf(codes);
        if (reason === 'captcha_unavailable') failedAt = performance.now();
        throw new CaptchaFailure(reason);
      }
      if (!isOwnPage(hostname)) throw new CaptchaFailure('captcha_wrong');
    },
  };
}

function reasonOf(codes: unknown): CaptchaReason {
  const names = Array.isArray(codes) ? codes.map(String) : [];
  const known = names.find((name) => Object.hasOwn(refusals, name));
  return refusals[known ?? ''] ?? 'captcha_wrong';
}

/** @throws if there is no response in time, or it has another format */
async function post(url: string, fields: Record<string, string>): Promise<Verdict> {
  const response = await fetch(url, {
    method: 'POST',
    body: new URLSearchParams(fields),
    signal: AbortSignal.timeout(deadlineMs), // until the whole body has arrived
    redirect: 'manual', // a redirect would send the secret key elsewhere
  });
  // Turnstile reports a wrong secret with a status of 4xx; any other status has no verdict.
  if (response.status !== 200 && response.status !== 400 && response.status !== 401) {
    await response.body?.cancel();
    throw new Error(`status ${response.status}`);
  }
  const verdict: unknown = JSON.parse(await readText(response));
  if (!isVerdict(verdict)) throw new Error('the response is no verdict');
  return verdict;
}

async function readText({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    chunks.push(chunk as Uint8Array);
    length += (chunk as Uint8Array).length;
    if (length > maxResponseBytes) throw new Error('the response is too long'); // cancels the rest
  }
  return Buffer.concat(chunks).toString('utf8');
}

function isVerdict(value: unknown): value is Verdict {
  return typeof value === 'object' && value !== null && 'success' in value
    ? typeof value.success === 'boolean'
    : false;
}
