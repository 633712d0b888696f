import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRepeatedHints } from '../../src/http/repeated-hints.js';
import { startTestService, type LogLine, type TestService } from '../support/test-service.js';

const badCookie = `better-auth.session_token=${'a'.repeat(32)}.${'b'.repeat(43)}=`;

const refused = {
  requestId: '1',
  method: 'GET',
  path: '/session',
  status: 401,
  reason: 'bad_signature',
  hint: 'compare the fingerprints',
  cookieName: 'better-auth.session_token',
  valueLength: 77,
  code: 'NOT_SIGNED_IN',
};
const hintId = createRepeatedHints(() => 0)(refused).hintId;

describe('lines of refused session checks', () => {
  test('the first line has all fields, a repeated one refers to it', () => {
    const shorten = createRepeatedHints(() => 0);
    expect(shorten(refused)).toEqual({
      ...refused,
      hintId: expect.stringMatching(/^[0-9a-f]{6}$/) as string,
    });
    expect(shorten({ ...refused, requestId: '2', tokenFingerprint: 'ab' })).toEqual({
      requestId: '2',
      path: '/session',
      status: 401,
      reason: 'bad_signature',
      tokenFingerprint: 'ab',
      hintId,
    });
  });

  test('after a minute a full line counts the short ones since the last', () => {
    let time = 0;
    const shorten = createRepeatedHints(() => time);
    for (let line = 1; line <= 5; line += 1) shorten(refused);
    time = 60_000;
    expect(shorten(refused)).toEqual({ ...refused, hintId, hintRepeated: 4 });
    expect(shorten(refused)).not.toHaveProperty('hint');
    time = 120_000;
    expect(shorten(refused)).toMatchObject({ hintRepeated: 1 });
    time = 180_000;
    expect(shorten(refused)).not.toHaveProperty('hintRepeated');
  });

  test('another hint of the same reason, or another cookie, is another kind', () => {
    const shorten = createRepeatedHints(() => 0);
    shorten(refused);
    const ids = [hintId];
    for (const change of [{ hint: 'another' }, { cookieName: 'x' }, { method: 'HEAD' }]) {
      const line = shorten({ ...refused, ...change });
      expect(line).toMatchObject({ hint: refused.hint, ...change });
      ids.push(line.hintId);
    }
    expect(new Set(ids).size).toBe(4);
    expect(shorten(refused)).toMatchObject({ hintId });
    expect(shorten(refused)).not.toHaveProperty('hint');
  });

  test('a line without a hint is unchanged', () => {
    const shorten = createRepeatedHints(() => 0);
    const valid = { reason: 'valid', status: 200 };
    expect(shorten(valid)).toBe(valid);
    expect(shorten(valid)).toBe(valid);
  });

  test('hints that callers vary are logged in full, and only the last 200 are remembered', () => {
    const shorten = createRepeatedHints(() => 0);
    for (let kind = 1; kind <= 201; kind += 1) {
      expect(shorten({ ...refused, hint: `hint ${kind}` })).toHaveProperty('hint');
    }
    expect(shorten({ ...refused, hint: 'hint 2' })).not.toHaveProperty('hint');
    expect(shorten({ ...refused, hint: 'hint 1' })).toHaveProperty('hint');
  });
});

describe('of a service', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startTestService();
    await service.logStartupReport();
  });
  afterAll(() => service.stop());

  /** The lines of this many requests that were made at once. */
  async function burst(count: number, headers: Record<string, string>): Promise<LogLine[]> {
    const known = service.logText().length;
    for (let sent = 0; sent < count; sent += 50) {
      const requests = Array.from({ length: Math.min(50, count - sent) }, async () => {
        const response = await fetch(`${service.url}/session`, { headers });
        expect(response.status).toBe(401);
        await response.text();
      });
      await Promise.all(requests);
    }
    const lines = () =>
      service
        .logText()
        .slice(known)
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as LogLine)
        .filter(({ msg }) => msg === 'request');
    await expect.poll(() => lines().length).toBe(count);
    return lines();
  }

  // A line with all fields has 400 to 500 bytes.
  test.each([
    ['without a credential', {}],
    ['with a cookie of another secret', { cookie: badCookie }],
    ['with a token that is not signed', { cookie: `better-auth.session_token=${'a'.repeat(32)}` }],
  ])('1,000 requests %s write at most 230 kB', async (_how, headers) => {
    const lines = await burst(1000, headers);
    const [first, ...repeated] = lines;
    expect(first).toMatchObject({ method: 'GET', code: 'NOT_SIGNED_IN' });
    expect(first?.hint).toBeTruthy();
    for (const line of repeated) {
      expect(line).toMatchObject({ reason: first?.reason, hintId: first?.hintId, status: 401 });
      expect(line).not.toHaveProperty('hint');
      expect(line.requestId).toMatch(/^[0-9a-f-]{36}$/);
    }
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    expect(text.length).toBeLessThanOrEqual(230_000);
  });
});
