/** What attackers try with links, codes, cookies and pages of their own. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createStates } from '../../../src/features/redirect-sign-in/state.js';
import { until } from '../../support/until.js';
import { sitePage } from '../../support/mailed-link.js';
import {
  arrivalOf,
  newVerifier,
  RedirectVisitor,
  startRedirectService,
  type RedirectService,
} from '../../support/redirect-visitor.js';

let service: RedirectService;
beforeAll(async () => {
  service = await startRedirectService({
    GITHUB_CLIENT_ID: 'an-id',
    GITHUB_CLIENT_SECRET: 'a-secret',
  });
});
afterAll(() => service.stop());
beforeEach(() => {
  service.provider.bends = {};
});

const newVisitor = () => new RedirectVisitor(service);
const victimPage = newVerifier();

test('a foreign callback link signs the victim in to nothing: the state belongs to another browser', async () => {
  const attacker = newVisitor();
  const { headers } = await attacker.start(newVerifier().challenge);
  const callback = service.provider.walk(headers.get('location') ?? '', { email: attacker.email });
  const victim = newVisitor();
  expect(arrivalOf(await victim.visit(callback))).toMatchObject({ error: 'state_cookie_missing' });
  expect(victim.cookies.size).toBe(0);
});

test('a foreign start link ends with a code that the victim’s page cannot redeem, nor the attacker', async () => {
  const attackersPage = newVerifier();
  const victim = newVisitor();
  const { code } = await victim.walk(attackersPage.challenge);
  expect((await victim.redeem(code, victimPage.verifier)).json).toMatchObject({
    reason: 'verifier_wrong',
  });
  // The attacker has the verifier, but not the code; a code of the own flow fits no other verifier.
  const attacker = newVisitor();
  const { code: own } = await attacker.walk(newVerifier().challenge);
  expect((await attacker.redeem(own, attackersPage.verifier)).status).toBe(400);
});

test('code injection: the code of one flow at the provider is refused in another', async () => {
  const victim = newVisitor();
  const stolen = await victim.start(victimPage.challenge);
  const callback = service.provider.walk(stolen.headers.get('location') ?? '', {
    email: victim.email,
  });
  const attacker = newVisitor();
  const own = await attacker.start(newVerifier().challenge);
  const ownCallback = service.provider.walk(own.headers.get('location') ?? '', {});
  ownCallback.searchParams.set('code', callback.searchParams.get('code') ?? '');
  // PKCE: the provider refuses the code with another flow's verifier.
  expect(arrivalOf(await attacker.visit(ownCallback))).toMatchObject({ error: 'provider_error' });
});

test('mix-up: the state of one provider at another one’s callback uses up nothing', async () => {
  const visitor = newVisitor();
  const { headers } = await visitor.start(victimPage.challenge);
  const callback = service.provider.walk(headers.get('location') ?? '', { email: visitor.email });
  const other = new URL(callback);
  other.pathname = '/api/auth/callback/github';
  expect(arrivalOf(await visitor.visit(other))).toMatchObject({ error: 'state_of_other_provider' });
  expect(arrivalOf(await visitor.visit(callback)).code).toBeDefined();
});

test('eight callbacks at once: the provider is asked once', async () => {
  const visitor = newVisitor();
  const { headers } = await visitor.start(victimPage.challenge);
  const callback = service.provider.walk(headers.get('location') ?? '', { email: visitor.email });
  const before = service.provider.requests.filter(({ step }) => step === 'token').length;
  const answers = await Promise.all(Array.from({ length: 8 }, () => visitor.visit(callback)));
  const after = service.provider.requests.filter(({ step }) => step === 'token').length;
  expect(after - before).toBe(1);
  const arrivals = answers.map(arrivalOf);
  expect(arrivals.filter(({ code }) => code !== undefined).length).toBeGreaterThanOrEqual(1);
  expect(arrivals.every(({ code, error }) => code !== undefined || error === 'state_used')).toBe(
    true,
  );
});

test('a start writes no row, sets one cookie for ten minutes, and leaks nothing', async () => {
  const visitor = newVisitor();
  const before = await service.database.query('select count(*)::int as n from redirect_flow');
  const answer = await visitor.start(victimPage.challenge, { login_hint: visitor.email });
  expect(await service.database.query('select count(*)::int as n from redirect_flow')).toEqual(
    before,
  );
  expect(answer.setCookies).toHaveLength(1);
  expect(answer.setCookies[0]).toMatch(
    /^better-auth\.redirect\.[\w-]{12}=[\w-]{43}; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax$/,
  );
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
  const location = new URL(answer.headers.get('location') ?? '');
  const sent = Object.fromEntries(location.searchParams);
  expect(Object.keys(sent).sort()).toEqual([
    'client_id',
    'code_challenge',
    'code_challenge_method',
    'login_hint',
    'nonce',
    'redirect_uri',
    'response_type',
    'scope',
    'state',
  ]);
  expect(sent).toMatchObject({ scope: 'openid email profile', code_challenge_method: 'S256' });
  // The page's challenge is for the page; the provider gets another.
  expect(sent.code_challenge).not.toBe(victimPage.challenge);
  expect(Buffer.from(sent.state ?? '', 'base64url').toString('latin1')).not.toContain(sitePage);
});

test('parameters of the page do not reach the provider', async () => {
  const answer = await newVisitor().start(victimPage.challenge, {
    scope: 'openid repo',
    scopes: 'repo',
    prompt: 'none',
    redirect_uri: 'https://evil.example',
  });
  const sent = new URL(answer.headers.get('location') ?? '').searchParams;
  expect(sent.get('scope')).toBe('openid email profile');
  expect(sent.has('prompt')).toBe(false);
  expect(sent.get('redirect_uri')).toBe('http://localhost:3001/api/auth/callback/test');
});

test('codes, tokens, verifiers and addresses reach no log line', async () => {
  const visitor = newVisitor();
  const { verifier, challenge } = newVerifier();
  const { code = '' } = await visitor.walk(challenge, { name: 'Secret Name' });
  const { json } = await visitor.redeem(code, verifier);
  const token = String(json?.token);
  const log = service.logText();
  for (const secret of [code, verifier, token, visitor.email, 'Secret Name', 'refresh-']) {
    expect(log).not.toContain(secret);
  }
});

test('the database holds no code and nothing readable of a person', async () => {
  const visitor = newVisitor();
  const { code = '' } = await visitor.walk(victimPage.challenge, { name: 'Ada Lovelace' });
  const rows = JSON.stringify(await service.database.query('select * from redirect_flow'));
  for (const secret of [code, visitor.email, 'Lovelace']) expect(rows).not.toContain(secret);
  await visitor.redeem(code, victimPage.verifier);
  const [left] = await service.database.query(
    'select identity from redirect_flow where redeemed_at is not null order by redeemed_at desc limit 1',
  );
  expect(left).toEqual({ identity: null });
});

test('a name from the provider is text without control characters, and cut', async () => {
  const visitor = newVisitor();
  const answer = await visitor.signInWithProvider({
    name: `A\u0000da\u202e\r\n${'x'.repeat(100_000)}`,
  });
  const { user } = answer.json as { user: { name: string } };
  expect(user.name).toMatch(/^A da {1,3}x+$/);
  expect(user.name.length).toBeLessThanOrEqual(100);
});

test.each([
  ['every field', 'x'.repeat(90_000)],
  ['control characters', '\u0000\r\nSet-Cookie: a=b'],
])('hostile text in %s: a clear answer and no 500', async (_what, text) => {
  const visitor = newVisitor();
  const bodies = [{ code: text, code_verifier: text }, { token: text }, { code_challenge: text }];
  for (const path of ['redeem', 'prove', 'confirm', 'ticket']) {
    for (const body of bodies) {
      const { status, json } = await visitor.ask(`/api/auth/redirect/${path}`, { body });
      expect(status, `${path} ${JSON.stringify(json)}`).toBeLessThan(500);
    }
  }
  const short = text.slice(0, 4_000);
  const query = new URLSearchParams({
    provider: short,
    return_to: sitePage,
    code_challenge: short,
  });
  expect((await visitor.visit(`/api/auth/redirect/start?${query.toString()}`)).status).toBeLessThan(
    500,
  );
  const state = new URLSearchParams({ state: short, code: short, error: short });
  expect((await visitor.visit(`/api/auth/callback/test?${state.toString()}`)).status).toBeLessThan(
    500,
  );
});

test('the page of the service cannot be framed and runs no script', async () => {
  const { headers, text } = await newVisitor().visit('/api/auth/redirect/start?provider=test');
  expect(headers.get('content-security-policy')).toMatch(
    /^default-src 'none'; style-src 'sha256-[^']+'; .*frame-ancestors 'none'$/,
  );
  expect(text).not.toContain('<script');
});

test('BetterAuth’s endpoints that hand out provider tokens answer 404', async () => {
  const visitor = newVisitor();
  await visitor.signInWithProvider();
  for (const path of ['get-access-token', 'refresh-token', 'account-info']) {
    const options = path === 'account-info' ? {} : { body: { providerId: 'test' } };
    expect((await visitor.ask(`/api/auth/${path}`, options)).status).toBe(404);
  }
});

test('a browser keeps the cookies of five flows at most', async () => {
  const visitor = newVisitor();
  for (let starts = 0; starts < 12; starts += 1) await visitor.start(victimPage.challenge);
  const flows = [...visitor.cookies.keys()].filter((name) => name.includes('.redirect.'));
  expect(flows).toHaveLength(5);
  // The newest is among them.
  expect((await visitor.walk(victimPage.challenge)).code).toBeDefined();
});

test.each(['image', 'iframe', 'empty', 'script'])(
  'a start that is requested as %s sets no cookie',
  async (destination) => {
    const query = new URLSearchParams({
      provider: 'test',
      return_to: sitePage,
      code_challenge: victimPage.challenge,
    });
    const answer = await newVisitor().ask(`/api/auth/redirect/start?${query.toString()}`, {
      origin: null,
      headers: { 'sec-fetch-dest': destination },
    });
    expect(answer.setCookies).toEqual([]);
    expect(arrivalOf(answer).error).toBe('not_a_visit');
  },
);

test('no address of a provider’s message reaches the log, and its text is cut', async () => {
  const visitor = newVisitor();
  service.provider.bends = {
    callback(parameters) {
      parameters.set('error', 'access_denied');
      parameters.set('error_description', `The user ada@contoso.example ${'x '.repeat(3_000)}`);
    },
  };
  const { requestId } = await visitor.walk(victimPage.challenge);
  const line = await service.logLine(
    (one) => one.requestId === requestId && one.detail !== undefined,
  );
  expect(String(line.detail).length).toBeLessThanOrEqual(300);
  expect(service.logText()).not.toContain('ada@contoso.example');
});

test('tokens of the provider are not stored, not even sealed until the redeem', async () => {
  const visitor = newVisitor();
  const { code = '' } = await visitor.walk(victimPage.challenge);
  const [row] = await service.database.query(
    'select id, identity from redirect_flow where code_hash = $1',
    [createHash('sha256').update(code).digest('base64url')],
  );
  const { openIdentity } = createStates(service.config.keyRing, () => new Date());
  const identity = JSON.parse(openIdentity(String(row?.identity), String(row?.id)) ?? '') as object;
  expect(identity).toMatchObject({ email: visitor.email, tokens: {} });
});

test('many starts ask a provider for its metadata once, working or not', async () => {
  const fresh = await startRedirectService();
  const visitors = Array.from({ length: 40 }, () => new RedirectVisitor(fresh));
  const asked = () => fresh.provider.requests.filter(({ step }) => step === 'discovery').length;
  fresh.provider.bends = { drop: 'discovery' };
  await Promise.all(visitors.map((one) => one.start(victimPage.challenge)));
  // Each failure is two requests and is remembered for a second; a slow machine may take longer than that.
  expect(asked()).toBeLessThanOrEqual(6);
  const failed = asked();
  fresh.provider.bends = {};
  await until(async () => {
    const { headers } = await new RedirectVisitor(fresh).start(victimPage.challenge);
    return headers.get('location')?.includes('/authorize?');
  });
  await Promise.all(visitors.map((one) => one.start(victimPage.challenge)));
  expect(asked()).toBe(failed + 1);
  await fresh.stop();
});
