/** Every reason why a redirect signs nobody in is provoked: what the page gets, what the log says, what the counter counts. */
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  reasons,
  type RedirectReasonName,
} from '../../../src/features/redirect-sign-in/reasons.js';
import { describeMissingCookie } from '../../../src/features/redirect-sign-in/missing-cookie.js';
import type { Bends } from '../../support/identity-provider.js';
import { sitePage } from '../../support/mailed-link.js';
import {
  arrivalOf,
  newVerifier,
  RedirectVisitor,
  startRedirectService,
  type Arrival,
  type RedirectService,
} from '../../support/redirect-visitor.js';

const diagnosticsToken = 'Zk4t8Mp0aWq2xYc7vN1sLd5hRf9gJb3e';
const otherPage = 'http://localhost:4000/auth/confirm';

let service: RedirectService;
let now = new Date();
beforeAll(async () => {
  service = await startRedirectService(
    {
      BETTER_AUTH_TRUSTED_ORIGINS: 'http://localhost:3000,http://localhost:4000',
      SITE_PAGES: `${sitePage},${otherPage}`,
      DIAGNOSTICS_TOKEN: diagnosticsToken,
      GITHUB_CLIENT_ID: 'an-id',
      GITHUB_CLIENT_SECRET: 'a-secret',
      ALLOWED_EMAIL_DOMAINS: 'example.com',
    },
    { now: () => now },
  );
});
afterAll(() => service.stop());
beforeEach(() => {
  now = new Date();
  service.provider.bends = {};
});

const provoked = new Set<string>();
const newVisitor = () => new RedirectVisitor(service);

async function counted(reason: string): Promise<number> {
  const { text } = await newVisitor().ask('/metrics', {
    headers: { authorization: `Bearer ${diagnosticsToken}` },
  });
  const line = text
    .split('\n')
    .find((one) => one.includes(`auth_redirects_total{result="${reason}"}`));
  return Number(line?.split(' ').at(-1));
}

/** The log line of the refusal has the reason and a hint, and the counter has counted it once. */
async function expectReason(
  reason: RedirectReasonName,
  provoke: () => Promise<{ readonly requestId: string | undefined }>,
): Promise<void> {
  const before = await counted(reason);
  const { requestId } = await provoke();
  expect(requestId).toBeDefined();
  const line = await service.logLine((one) => one.requestId === requestId && one.reason === reason);
  expect(line).toMatchObject({ redirect: 'failed', reason, hint: reasons[reason].fix });
  expect(await counted(reason)).toBe(before + 1);
  provoked.add(reason);
}

async function expectArrival(
  reason: RedirectReasonName,
  walk: () => Promise<Arrival>,
  page = sitePage,
): Promise<void> {
  await expectReason(reason, async () => {
    const arrival = await walk();
    expect(arrival).toMatchObject({ page, error: reason, code: undefined });
    return arrival;
  });
}

async function expectRefusal(
  reason: RedirectReasonName,
  ask: () => Promise<{ status: number; json: unknown }>,
): Promise<void> {
  await expectReason(reason, async () => {
    const { status, json } = await ask();
    const { status: expected, message } = reasons[reason];
    expect(json).toMatchObject({ code: `REDIRECT_${reason.toUpperCase()}`, reason, message });
    expect(status).toBe(expected);
    return json as { requestId: string };
  });
}

const { verifier, challenge } = newVerifier();

describe('at the start', () => {
  const startWith = async (parameters: Record<string, string>) =>
    arrivalOf(await newVisitor().start(challenge, parameters));

  test('provider_unknown, provider_not_configured', async () => {
    await expectArrival('provider_unknown', () => startWith({ provider: 'nobody' }));
    await expectArrival('provider_unknown', () => startWith({ provider: 'oidc' }));
    await expectArrival('provider_not_configured', () => startWith({ provider: 'google' }));
  });

  test.each([
    'https://evil.example/auth/confirm',
    `${sitePage}/`,
    `${sitePage}?next=1`,
    `${sitePage}#x`,
    'HTTP://localhost:3000/auth/confirm',
    'http://localhost:3000/auth/../auth/confirm',
    'http://localhost:3000//auth/confirm',
    'http://localhost:3000@evil.example/auth/confirm',
    'http://localhost:3000/auth/%63onfirm',
    'javascript:alert(1)',
    '//evil.example',
    '',
  ])(
    'return_page_not_allowed: %s is shown on a page of the service and followed nowhere',
    async (page) => {
      await expectReason('return_page_not_allowed', async () => {
        const answer = await newVisitor().start(challenge, { return_to: page });
        expect(answer.status).toBe(403);
        expect(answer.headers.get('location')).toBeNull();
        expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
        expect(answer.text).toContain('return_page_not_allowed');
        if (page !== '') expect(answer.text).not.toContain(page);
        return { requestId: answer.headers.get('x-request-id') ?? undefined };
      });
    },
  );

  test('challenge_invalid, ticket_invalid', async () => {
    await expectArrival('challenge_invalid', () => startWith({ code_challenge: 'short' }));
    await expectArrival('ticket_invalid', () => startWith({ ticket: 'made-up' }));
  });

  const failures: [RedirectReasonName, Bends][] = [
    ['provider_unreachable', { drop: 'discovery' }],
    ['provider_error', { answer: { step: 'discovery', status: 500, body: 'down' } }],
  ];
  test.each(failures)('%s: the metadata cannot be read', async (reason, bends) => {
    const fresh = await startRedirectService({}, { testDatabase: service.database });
    fresh.provider.bends = bends;
    const visitor = new RedirectVisitor(fresh);
    expect(arrivalOf(await visitor.start(challenge))).toMatchObject({
      page: sitePage,
      error: reason,
    });
    // Not kept for long: a later visitor asks again.
    fresh.provider.bends = {};
    await vi.waitFor(
      async () =>
        expect((await visitor.start(challenge)).headers.get('location')).toContain('/authorize?'),
      { timeout: 5_000, interval: 100 },
    );
    await fresh.stop();
  });
});

describe('at the callback', () => {
  test('state_unknown: nothing is known of where to go, so it is shown here', async () => {
    await expectReason('state_unknown', async () => {
      const answer = await newVisitor().visit('/api/auth/callback/test?code=x&state=made-up');
      expect(answer.status).toBe(400);
      expect(answer.text).toContain('state_unknown');
      return { requestId: answer.headers.get('x-request-id') ?? undefined };
    });
    const missing = await newVisitor().visit('/api/auth/callback/google');
    expect(missing.text).toContain('provider_not_configured');
  });

  /** A started flow and the callback that the provider leads to. */
  async function started(visitor: RedirectVisitor): Promise<URL> {
    const { headers } = await visitor.start(challenge);
    return service.provider.walk(headers.get('location') ?? '', { email: visitor.email });
  }

  test('state_cookie_missing: another browser, or one that kept no cookie', async () => {
    await expectArrival('state_cookie_missing', async () =>
      arrivalOf(await newVisitor().visit(await started(newVisitor()))),
    );
    const line = service.logLines().findLast(({ reason }) => reason === 'state_cookie_missing');
    expect(line?.seen).toMatch(/BETTER_AUTH_URL|no cookie at all/);
  });

  test.each([
    ['another host', { host: 'auth.example.org' }, /another host than the one of BETTER_AUTH_URL/],
    [
      'an in-app browser',
      { 'user-agent': 'Mozilla/5.0 (Linux; Android 15; wv)' },
      /in-app browser/,
    ],
    ['no cookie', {}, /no cookie at all/],
    ['cookies of other flows', { cookie: 'better-auth.redirect.abc=1' }, /other flows/],
    ['other cookies', { cookie: 'a=b' }, /over http, or longer than ten minutes/],
  ])('the log says where the cookie may be: %s', (_what, headers, seen) => {
    const host = { host: 'localhost:3001', ...headers };
    expect(describeMissingCookie(host, 'http://localhost:3001')).toMatch(seen);
  });

  test('state_expired after ten minutes; a slow provider with six still works', async () => {
    const visitor = newVisitor();
    const slow = await started(visitor);
    const late = await started(visitor);
    now = new Date(now.getTime() + 6 * 60_000);
    expect(arrivalOf(await visitor.visit(slow)).code).toBeDefined();
    now = new Date(now.getTime() + 5 * 60_000);
    await expectArrival('state_expired', async () => arrivalOf(await visitor.visit(late)));
  });

  test('state_used: the callback again, after the code was redeemed', async () => {
    const visitor = newVisitor();
    const callback = await started(visitor);
    const { code } = arrivalOf(await visitor.visit(callback));
    expect((await visitor.redeem(code, verifier)).status).toBe(200);
    await expectArrival('state_used', async () => arrivalOf(await visitor.visit(callback)));
  });

  test('a reload before the redeem gets another code, and the first one ends', async () => {
    const visitor = newVisitor();
    const callback = await started(visitor);
    const { code: first } = arrivalOf(await visitor.visit(callback));
    const { code: second } = arrivalOf(await visitor.visit(callback));
    expect((await visitor.redeem(first, verifier)).json).toMatchObject({ reason: 'code_unknown' });
    expect((await visitor.redeem(second, verifier)).status).toBe(200);
  });

  test('state_of_other_provider: the answer of one provider at the callback of another', async () => {
    const visitor = newVisitor();
    const callback = await started(visitor);
    callback.pathname = '/api/auth/callback/github';
    await expectArrival('state_of_other_provider', async () =>
      arrivalOf(await visitor.visit(callback)),
    );
  });

  const errors: [RedirectReasonName, string][] = [
    ['access_denied', 'access_denied'],
    ['redirect_uri_mismatch', 'redirect_uri_mismatch'],
    ['client_secret_wrong', 'unauthorized_client'],
    ['provider_error', 'server_error'],
  ];
  test.each(errors)('%s: the provider answers with error=%s', async (reason, error) => {
    service.provider.bends = {
      callback(parameters) {
        parameters.delete('code');
        parameters.set('error', error);
        parameters.set('error_description', '<b>visit evil.example</b>');
      },
    };
    await expectArrival(reason, async () => {
      const arrival = await newVisitor().walk(challenge);
      // The provider's text is for the log alone.
      expect(arrival.location).not.toContain('evil');
      return arrival;
    });
    const line = service.logLines().findLast((one) => one.reason === reason);
    expect(line?.detail).toBe(`${error}: <b>visit evil.example</b>`);
    if (reason === 'redirect_uri_mismatch') {
      expect(line?.redirectUri).toBe('http://localhost:3001/api/auth/callback/test');
    }
  });

  const tokenAnswers: [RedirectReasonName, number, string][] = [
    ['client_secret_wrong', 401, '{"error":"invalid_client"}'],
    ['redirect_uri_mismatch', 400, '{"error":"redirect_uri_mismatch"}'],
    [
      'redirect_uri_mismatch',
      400,
      '{"error":"invalid_grant","error_description":"The redirect URI differs"}',
    ],
    ['provider_error', 400, '{"error":"invalid_grant"}'],
    ['provider_error', 500, '<html>down</html>'],
    ['provider_error', 200, 'no JSON'],
    ['provider_error', 200, 'null'],
    ['provider_error', 200, `{"x":"${'x'.repeat(600_000)}"}`],
  ];
  test.each(tokenAnswers)('%s: the token endpoint answers %i %s', async (reason, status, body) => {
    service.provider.bends = { answer: { step: 'token', status, body } };
    await expectArrival(reason, () => newVisitor().walk(challenge));
  });

  test('provider_unreachable: the socket drops; nothing is sent twice that could be used twice', async () => {
    service.provider.bends = { drop: 'token' };
    const before = service.provider.requests.filter(({ step }) => step === 'token').length;
    await expectArrival('provider_unreachable', () => newVisitor().walk(challenge));
    const after = service.provider.requests.filter(({ step }) => step === 'token').length;
    expect(after - before).toBe(1);
  });

  test(
    'provider_timeout: a provider that hangs is given eight seconds',
    { timeout: 15_000 },
    async () => {
      service.provider.bends = { hang: 'token' };
      const startedAt = performance.now();
      await expectArrival('provider_timeout', () => newVisitor().walk(challenge));
      expect(performance.now() - startedAt).toBeGreaterThan(7_500);
    },
  );

  const without = (claim: string): Bends => ({
    claims: (claims) => ({ ...claims, [claim]: undefined }),
  });
  const seconds = (claim: string, offset: number): Bends => ({
    claims: (claims) => ({ ...claims, [claim]: Math.floor(Date.now() / 1000) + offset }),
  });
  const withoutSignature = (token: string) => `${token.split('.').slice(0, 2).join('.')}.`;
  const unsigned = (token: string) => {
    const [, payload = ''] = token.split('.');
    return `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`;
  };
  const tokens: [string, Bends, RegExp][] = [
    ['another nonce', { claims: (claims) => ({ ...claims, nonce: 'other' }) }, /nonce/],
    ['no nonce', without('nonce'), /nonce/],
    ['another audience', { claims: (claims) => ({ ...claims, aud: 'other' }) }, /aud/],
    ['another issuer', { claims: (claims) => ({ ...claims, iss: 'https://evil.example' }) }, /iss/],
    ['no subject', without('sub'), /sub/],
    ['no expiry', without('exp'), /exp/],
    [
      'an expiry in the past: the clocks differ',
      seconds('exp', -90),
      /exp.*clocks differ by 9\d s/,
    ],
    [
      'a start in the future: the clocks differ',
      seconds('nbf', 90),
      /nbf.*clocks differ by (?:8|9)\d s/,
    ],
    ['a key that is not published', { unknownKey: true }, /key/],
    ['no signature', { idToken: withoutSignature }, /signature|JWT/i],
    ['alg none', { idToken: unsigned }, /alg/],
    ['a text that is no token', { idToken: () => 'not.a.token' }, /./],
    [
      'iss of another provider in the callback (RFC 9207)',
      { callback: (parameters) => parameters.set('iss', 'https://evil.example') },
      /iss/,
    ],
  ];
  test.each(tokens)('id_token_invalid: %s', async (_what, bends, detail) => {
    service.provider.bends = bends;
    await expectArrival('id_token_invalid', () => newVisitor().walk(challenge));
    const line = service.logLines().findLast(({ reason }) => reason === 'id_token_invalid');
    expect(line?.detail).toMatch(detail);
  });

  test('a key that the provider has rotated is read again', async () => {
    expect((await newVisitor().walk(challenge)).code).toBeDefined();
    await service.provider.rotateKey();
    const visitor = newVisitor();
    // Keys are read at most once a second.
    await vi.waitFor(async () => expect((await visitor.walk(challenge)).code).toBeDefined(), {
      timeout: 5_000,
      interval: 200,
    });
  });

  test('domain_not_allowed', async () => {
    await expectArrival('domain_not_allowed', () =>
      newVisitor().walk(challenge, { email: 'ada@other.example' }),
    );
  });
});

describe('at the redeem', () => {
  async function arrived(visitor: RedirectVisitor): Promise<string | undefined> {
    return (await visitor.walk(challenge)).code;
  }

  test('code_unknown, verifier_missing, verifier_wrong, origin_differs: the code stays valid', async () => {
    const visitor = newVisitor();
    const code = await arrived(visitor);
    await expectRefusal('code_unknown', () => visitor.redeem('made-up', verifier));
    await expectRefusal('verifier_missing', () => visitor.redeem(code, ''));
    await expectRefusal('verifier_wrong', () => visitor.redeem(code, newVerifier().verifier));
    await expectRefusal('origin_differs', () =>
      visitor.ask('/api/auth/redirect/redeem', {
        body: { code, code_verifier: verifier },
        origin: 'http://localhost:4000',
      }),
    );
    expect((await visitor.redeem(code, verifier)).status).toBe(200);
    await expectRefusal('code_used', () => visitor.redeem(code, verifier));
  });

  test('code_expired after a minute', async () => {
    const visitor = newVisitor();
    now = new Date(Date.now() - 61_000); // at the callback; the redeem has the real clock
    const code = await arrived(visitor);
    await expectRefusal('code_expired', () => visitor.redeem(code, verifier));
  });

  test('session_missing, session_differs: only who asked to link may redeem', async () => {
    const owner = newVisitor();
    await owner.signUp();
    const ticketFor = async () =>
      (await owner.ask('/api/auth/redirect/ticket', { body: { code_challenge: challenge } })).json
        ?.ticket as string;
    const { code } = await owner.walk(challenge, {}, { ticket: await ticketFor() });
    const stranger = newVisitor();
    await expectRefusal('session_missing', () => stranger.redeem(code, verifier));
    await stranger.signUp();
    await expectRefusal('session_differs', () => stranger.redeem(code, verifier));
    expect((await owner.redeem(code, verifier)).json).toMatchObject({ linked: true });
    const anonymous = await newVisitor().ask('/api/auth/redirect/ticket', {
      body: { code_challenge: challenge },
    });
    expect(anonymous.status).toBe(401);
    expect(anonymous.json).toMatchObject({ code: 'UNAUTHORIZED', reason: 'no_credential' });
    // The login has an owner now.
    const other = newVisitor();
    await other.signUp();
    const { json } = await other.ask('/api/auth/redirect/ticket', {
      body: { code_challenge: challenge },
    });
    await expectArrival('account_linked_elsewhere', () =>
      other.walk(challenge, { email: owner.email }, { ticket: json?.ticket as string }),
    );
  });

  test('email_missing, email_unverified, account_exists_with_password: with what the page can offer', async () => {
    const visitor = newVisitor();
    const walkAs = async (person: object) => (await visitor.walk(challenge, person)).code;
    const missing = await walkAs({ sub: 'without-address', email: undefined });
    await expectRefusal('email_missing', () => visitor.redeem(missing, verifier));
    const unverified = await walkAs({ email_verified: false });
    await expectRefusal('email_unverified', () => visitor.redeem(unverified, verifier));
    await visitor.signUp();
    const planted = await walkAs({});
    await expectRefusal('account_exists_with_password', async () => {
      const answer = await visitor.redeem(planted, verifier);
      expect(answer.json?.next).toEqual({
        password: true,
        mail: true,
        email: false,
        address: visitor.email,
      });
      return answer;
    });
  });
});

describe('with other settings', () => {
  test('limit_network: callbacks of one client', async () => {
    const limited = await startRedirectService({ RATE_LIMIT_PER_ADDRESS: '2/1m' });
    const visitor = new RedirectVisitor(limited);
    const errors = [];
    for (let walks = 0; walks < 4; walks += 1) errors.push((await visitor.walk(challenge)).error);
    expect(errors).toEqual([undefined, undefined, 'limit_network', 'limit_network']);
    expect(await new RedirectVisitor(limited).walk(challenge)).not.toMatchObject({
      error: 'limit_network',
    });
    provoked.add('limit_network');
    await limited.stop();
  });

  test('sign_up_closed, profile_fields_required', async () => {
    const schema =
      '{"type":"object","properties":{"background":{"type":"string"}},"required":["background"]}';
    for (const [reason, env] of [
      ['sign_up_closed', { SOCIAL_SIGN_UP: 'off' }],
      ['profile_fields_required', { PROFILE_SCHEMA: schema }],
    ] as const) {
      const other = await startRedirectService(env);
      expect(await new RedirectVisitor(other).walk(challenge)).toMatchObject({ error: reason });
      provoked.add(reason);
      await other.stop();
    }
  });
});

test('every reason is provoked by this file, except those that other files provoke', () => {
  const elsewhere = [
    'service_unavailable', // outage.test.ts
    'internal_error', // outage.test.ts
    'cookie_refused', // reported by the page: tests/browsers
    'not_a_visit', // attacks.test.ts
  ];
  expect([...provoked, ...elsewhere].sort()).toEqual(Object.keys(reasons).sort());
});
