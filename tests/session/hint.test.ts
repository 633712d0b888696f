import { expect, test } from 'vitest';
import type { CredentialHeaders } from '../../src/session/credential.js';
import { reasonTable } from '../../src/session/reasons.js';
import {
  cookieName,
  inspect,
  signed,
  signedElsewhere,
  storedSession,
  token,
  type InspectOptions,
} from '../support/inspection.js';

async function hintFor(
  given: string | CredentialHeaders,
  options?: InspectOptions,
): Promise<string> {
  return (await inspect(given, options)).verdict.hint;
}

test('without a credential, the hint distinguishes cross-site pages, same-site pages and servers', async () => {
  const elsewhere = await hintFor({ 'sec-fetch-site': 'cross-site', origin: 'https://docs.dev' });
  expect(elsewhere).toMatch(/^a page on another site: .*credentials: 'include'.*SameSite=None/);
  const here = await hintFor({ 'sec-fetch-site': 'same-site', origin: 'https://docs.dev' });
  expect(here).toMatch(/^a page on the same site: /);
  const unsaid = await hintFor({ origin: 'https://docs.dev' });
  expect(unsaid).toMatch(/^a page whose browser does not send Sec-Fetch-Site: /);
  expect(await hintFor({ 'sec-fetch-site': 'none' })).toMatch(/^the address bar or a bookmark: /);
  const olderSafari = await hintFor({
    'user-agent': 'Mozilla/5.0 (Macintosh) Version/15.6 Safari',
  });
  expect(olderSafari).toMatch(/^a page whose browser does not send Sec-Fetch-Site: /);
  const server = await hintFor({ 'user-agent': 'python-httpx/0.28' });
  expect(server).toMatch(/^a server or a tool: .*did not reach it/);
});

test('the hint has the number of other cookies if the session cookie is missing', async () => {
  expect(await hintFor({ cookie: 'theme=dark; lang=en' })).toContain('(with 2 other cookies)');
  expect(await hintFor({})).not.toContain('other cookies');
});

test('a cookie under another name: the hint has the expected name and whether the value verifies', async () => {
  const ours = await hintFor(`better-auth.session_token=${signed}`);
  expect(ours).toContain(`expected ${cookieName}; the value verifies with our secret`);
  const foreign = await hintFor(`better-auth.session_token=${signedElsewhere}`);
  expect(foreign).toContain('the value does not verify with our secret');
});

test.each([
  ['', 'the value is empty'],
  ['abc', '3 characters and no dot'],
  [signed.slice(0, -3), 'a signature of 43 characters'],
  [`${signed},theme=dark`, 'a comma: two cookies were joined into one'],
  [`${token}."${'A'.repeat(42)}=`, 'a quote inside the value'],
  [`${token}.${'-'.repeat(43)}=`, 'a signature that is not base64'],
])('a malformed cookie %j: the hint says what was seen', async (value, seen) => {
  const { verdict } = await inspect(`${cookieName}=${value}`);
  expect(verdict).toMatchObject({ reason: 'malformed_cookie', valueLength: value.length });
  expect(verdict.hint).toMatch(new RegExp(`^${seen}; `));
});

test('an expired session: the hint says how long ago, and by which clock', async () => {
  const hint = await hintFor(`${cookieName}=${signed}`, {
    find: () => Promise.resolve(storedSession(-61_000)),
  });
  expect(hint).toMatch(/^ended 61 s ago by the database's clock, 2026-03-01T12:00:00.000Z; /);
});

test('an ended session with other cookies of the name: the hint says that the first one counted', async () => {
  const find = () => Promise.resolve(undefined);
  const cookie = `${cookieName}=${signed}; ${cookieName}=${signedElsewhere}`;
  expect(await hintFor(cookie, { find })).toMatch(/^2 cookies of this name, the first counts; /);
  expect(await hintFor(`${cookieName}=${signed}`, { find })).not.toContain('cookies of this name');
});

test('every rejection names the setting to change, and a valid session has no hint', async () => {
  const refusals = Object.entries(reasonTable).filter(([reason]) => reason !== 'valid');
  expect(refusals.filter(([, { fix }]) => fix === '')).toEqual([]);
  expect(await hintFor(`${cookieName}=${signed}`)).toBe('');
  expect(await hintFor(`${cookieName}=${signed}; ${cookieName}=${signed}`)).toBe('');
});

test('arbitrary headers get a verdict: no exception, not signed in, no query', async () => {
  const pieces = [cookieName, '=', ';', '"', '%', '%E2', '.', ' ', ',', '\u0000', '€', token];
  let seed = 1;
  const next = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
  const text = () => Array.from({ length: next(8) }, () => pieces[next(pieces.length)]).join('');
  for (let round = 0; round < 5000; round += 1) {
    const headers = { cookie: `${cookieName}=${text()}`, authorization: `Bearer ${text()}` };
    const { verdict, queries } = await inspect(headers);
    expect(verdict.reason in reasonTable).toBe(true);
    expect(queries).toEqual([]);
  }
});
