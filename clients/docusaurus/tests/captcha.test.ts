/** A call for which the service asks for ALTCHA is repeated with the solution; other refusals are not. */
import { createChallenge, verifySolution } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import { expect, test, vi } from 'vitest';
import { withCaptcha } from '../src/client/captcha/with-captcha.js';

const secret = 'a-secret-of-the-service';
const url = 'https://auth.example.com/api/auth/request-password-reset';

const newChallenge = () =>
  createChallenge({
    algorithm: 'PBKDF2/SHA-256',
    cost: 1,
    deriveKey,
    hmacSignatureSecret: secret,
  });

const json = (status: number, body: object) => new Response(JSON.stringify(body), { status });

async function refusal(): Promise<Response> {
  const captcha = { provider: 'altcha', challenge: await newChallenge() };
  return json(403, { code: 'CAPTCHA_REQUIRED', captcha });
}

test('the call is repeated once with the solution, and with its own headers and body', async () => {
  const calls: RequestInit[] = [];
  const fetch = withCaptcha(async (_input, init = {}) => {
    calls.push(init);
    return calls.length === 1 ? await refusal() : json(200, { status: true });
  });
  const init = { method: 'POST', body: '{"email":"a@example.com"}', headers: { 'x-own': '1' } };
  const response = await fetch(url, init);
  expect(response.status).toBe(200);
  expect(calls).toHaveLength(2);
  const [, repeated] = calls;
  expect(repeated).toMatchObject({ method: 'POST', body: init.body });
  const headers = new Headers(repeated?.headers);
  expect(headers.get('x-own')).toBe('1');
  const payload = JSON.parse(atob(headers.get('x-captcha-response') ?? '')) as Parameters<
    typeof verifySolution
  >[0];
  const verified = await verifySolution({ ...payload, deriveKey, hmacSignatureSecret: secret });
  expect(verified.verified).toBe(true);
});

test('a second refusal is the answer: nothing is repeated without end', async () => {
  const inner = vi.fn(() => refusal());
  const response = await withCaptcha(inner)(url, { method: 'POST' });
  expect(response.status).toBe(403);
  expect(inner).toHaveBeenCalledTimes(2);
});

test.each([
  ['another refusal', () => json(403, { code: 'SESSION_NOT_FRESH' })],
  ['a captcha of a provider unknown here', () => json(403, { captcha: { provider: 'other' } })],
  ['a captcha without its site key', () => json(403, { captcha: { provider: 'turnstile' } })],
  ['a page of a proxy', () => new Response('<html>', { status: 403 })],
  ['null', () => json(403, null as unknown as object)],
])('%s is left as it is, and can still be read', async (_what, answer) => {
  const inner = vi.fn(() => Promise.resolve(answer()));
  const response = await withCaptcha(inner)(url, { method: 'POST' });
  expect(response.status).toBe(403);
  expect(await response.text()).toBe(await answer().text());
  expect(inner).toHaveBeenCalledTimes(1);
});

test('what is aborted meanwhile is not repeated', async () => {
  const controller = new AbortController();
  const inner = vi.fn(async () => {
    const answer = await refusal();
    controller.abort();
    return answer;
  });
  const response = await withCaptcha(inner)(url, { method: 'POST', signal: controller.signal });
  expect(response.status).toBe(403);
  expect(inner).toHaveBeenCalledTimes(1);
});
