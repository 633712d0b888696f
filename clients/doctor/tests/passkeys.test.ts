/** Whether browsers accept RP_ID on each origin, and what its /.well-known/webauthn has. */
import { expect, test } from 'vitest';
import { checkPasskeys } from '../src/checks/passkeys.js';
import type { Finding } from '../src/finding.js';
import { createHttpClient, NoResponseError, type HttpResponse } from '../src/http-client.js';
import { startTestService } from '../../../tests/support/test-service.js';

const authUrl = 'https://auth.example.net';
const site = 'https://docs.example.com';
const list = 'https://example.net/.well-known/webauthn';

interface Answer {
  readonly status?: number;
  readonly type?: string;
  readonly body?: unknown;
  readonly location?: string;
}

function responseOf({ status = 200, type = 'application/json', body, location }: Answer) {
  const headers = { 'content-type': type, ...(location !== undefined && { location }) };
  const json = typeof body === 'object' ? (body as HttpResponse['json']) : undefined;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { status, headers, setCookies: [], text, json, sentAt: 0, receivedAt: 0 };
}

async function check(
  answers: Readonly<Record<string, Answer>>,
  {
    origins = [site],
    rpId = 'example.net',
    passkeys = true,
  }: { origins?: string[]; rpId?: string | number | null; passkeys?: boolean } = {},
): Promise<Finding[]> {
  const all: Readonly<Record<string, Answer>> = {
    [`${authUrl}/api/auth/features`]: { body: { features: { passkeys } } },
    [`${authUrl}/api/auth/passkey/generate-authenticate-options`]: { body: { rpId } },
    ...answers,
  };
  const request = (url: string) => {
    const answer = all[url];
    if (answer === undefined) return Promise.reject(new NoResponseError(url, 'ENOTFOUND'));
    return Promise.resolve(responseOf(answer));
  };
  const findings: Finding[] = [];
  for await (const finding of checkPasskeys({ authUrl, origins, request })) findings.push(finding);
  return findings;
}

const codes = (findings: readonly Finding[]) =>
  findings.map(({ status, code }) => `${status} ${code}`);

test('without the feature nothing is asked and nothing found', async () => {
  expect(await check({}, { passkeys: false })).toEqual([]);
});

test('an origin below the domain of RP_ID needs no list', async () => {
  const origins = ['https://docs.example.net', 'https://example.net'];
  expect(codes(await check({}, { origins }))).toEqual(['ok PASSKEYS', 'ok PASSKEYS']);
  const lookalike = await check({}, { origins: ['https://notexample.net'] });
  expect(codes(lookalike)).toEqual(['fail RELATED_ORIGINS_UNREACHABLE']);
});

test('an origin of another site must be in the list of the domain', async () => {
  const listed = await check({ [list]: { body: { origins: [site] } } });
  expect(codes(listed)).toEqual(['warn PASSKEYS_IN_SOME_BROWSERS']);
  const other = await check({ [list]: { body: { origins: ['https://other.example', 'no URL'] } } });
  expect(codes(other)).toEqual(['fail RELATED_ORIGIN_NOT_LISTED']);
  expect(other[0]?.fix).toContain('BETTER_AUTH_TRUSTED_ORIGINS');
});

test('redirects are followed over https, as browsers do', async () => {
  const moved = 'https://www.example.net/webauthn.json';
  const found = await check({
    [list]: { status: 301, location: moved },
    [moved]: { body: { origins: [site] } },
  });
  expect(codes(found)).toEqual(['warn PASSKEYS_IN_SOME_BROWSERS']);
  const insecure = await check({ [list]: { status: 302, location: 'http://example.net/a' } });
  expect(codes(insecure)).toEqual(['fail RELATED_ORIGINS_INVALID']);
  const endless = await check({ [list]: { status: 302, location: list } });
  expect(codes(endless)).toEqual(['fail RELATED_ORIGINS_INVALID']);
});

test.each<[string, Answer]>([
  ['a missing page', { status: 404, type: 'text/html', body: '<html>' }],
  ['another content type', { type: 'text/plain', body: { origins: [site] } }],
  ['odd JSON', { body: { origins: site } }],
  ['an array', { body: [site] }],
  ['control characters', { status: 200, type: '\u001b[31mtext/html', body: '' }],
])('%s is no list', async (_what, answer) => {
  const findings = await check({ [list]: answer });
  expect(codes(findings)).toEqual(['fail RELATED_ORIGINS_INVALID']);
  expect(findings[0]?.message).not.toContain('\u001b');
});

test('a domain that does not respond, http, localhost, and options that cannot be read', async () => {
  expect(codes(await check({}))).toEqual(['fail RELATED_ORIGINS_UNREACHABLE']);
  expect(codes(await check({}, { origins: ['http://docs.example.net'] }))).toEqual([
    'fail PASSKEY_ORIGIN_INSECURE',
  ]);
  expect(codes(await check({}, { rpId: 'localhost' }))).toEqual(['fail PASSKEY_ORIGIN_UNUSABLE']);
  for (const rpId of [null, 7, 'a b', 'https://example.net/x'] as const)
    expect(codes(await check({}, { rpId }))).toEqual(['unknown PASSKEYS_NOT_READ']);
});

test('a running service says which domain it is', async () => {
  const service = await startTestService({ env: { PASSKEYS: 'on' } });
  const { request, close } = createHttpClient(new AbortController().signal);
  try {
    const origins = ['http://localhost:3000'];
    const findings: Finding[] = [];
    for await (const finding of checkPasskeys({ authUrl: service.url, origins, request }))
      findings.push(finding);
    expect(codes(findings)).toEqual(['ok PASSKEYS']);
    expect(findings[0]?.message).toBe(
      'browsers accept passkeys of localhost on http://localhost:3000',
    );
  } finally {
    close();
    await service.stop();
  }
});
