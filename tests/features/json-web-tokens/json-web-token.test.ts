/** With JWT_TOKENS=on the service issues JSON Web Tokens and publishes their keys, also after a secret rotation. */
import { readFileSync } from 'node:fs';
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tokenFingerprint } from '../../../src/session/signed-token.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { startTestService, testSecret, type TestService } from '../../support/test-service.js';
import { Visitor } from '../../support/visitor.js';

const newSecret = 'another-secret-that-is-long-enough-9876543210';

let database: TestDatabase;
let service: TestService;
let visitor: Visitor;
beforeAll(async () => {
  database = await createTestDatabase();
  service = await start();
  visitor = new Visitor(service);
  await visitor.signUp();
});
afterAll(async () => {
  await service.stop();
  await database.drop();
});

function start(env: Record<string, string | undefined> = {}): Promise<TestService> {
  return startTestService({ env: { JWT_TOKENS: 'on', ...env }, testDatabase: database });
}

function at(other: TestService): Visitor {
  const copy = new Visitor(other);
  for (const [name, value] of visitor.cookies) copy.cookies.set(name, value);
  return copy;
}

/** The names in the first column of the page's table of claims, without `profile`, which a schema adds. */
function documentedClaims(page: string): string[] {
  const section = page.split('## Claims')[1]?.split('\n## ')[0] ?? '';
  const names = section.match(/^\| `.*?\|/gm)?.flatMap((cell) => cell.match(/\w+/g) ?? []) ?? [];
  return names.filter((name) => name !== 'profile');
}

async function verify(token: unknown, by = service) {
  const { text } = await new Visitor(by).ask('/api/auth/jwks', { origin: null });
  const keys = createLocalJWKSet(JSON.parse(text) as JSONWebKeySet);
  const { baseUrl } = by.config;
  return jwtVerify(String(token), keys, {
    algorithms: ['EdDSA'],
    issuer: baseUrl,
    audience: baseUrl,
  });
}

test('a signed-in visitor gets a token with the documented claims that the published keys verify, for five minutes', async () => {
  const answer = await visitor.ask('/api/auth/token');
  expect(answer.status).toBe(200);
  const { payload, protectedHeader } = await verify(answer.json?.token);
  expect(payload).toMatchObject({ email: visitor.email, name: 'A Visitor' });
  expect(Number(payload.exp) - Number(payload.iat)).toBe(300);
  const page = readFileSync('docs/features/json-web-tokens.md', 'utf8');
  expect(Object.keys(payload).sort()).toEqual(documentedClaims(page).sort());
  const line = await service.logLine(({ msg }) => msg === 'token issued');
  expect(line).toMatchObject({
    keyId: protectedHeader.kid,
    subject: tokenFingerprint(String(payload.sub)),
    lifetimeSeconds: 300,
  });
  expect(service.logText()).not.toContain(String(answer.json?.token).split('.')[2]);
  expect(service.logText()).not.toContain(visitor.email);
});

test('a token states the level of the session, its methods and the time of the latest proof', async () => {
  const other = new Visitor(service);
  await other.signUp();
  const claims = async () =>
    (await verify((await other.ask('/api/auth/token')).json?.token)).payload;
  const provenAt = async () =>
    ((await other.ask('/session')).json?.session as { provenAt: string }).provenAt;
  const seconds = Math.floor(Date.parse(await provenAt()) / 1000);
  expect(await claims()).toMatchObject({ acr: 'aal1', amr: ['pwd'], auth_time: seconds });
  await service.database.query(
    `update session set aal = 2, proven_at = '2026-01-02T03:04:05.678Z',
       methods = '[{"method":"link"},{"method":"totp"},{"method":"backup_code"},{"method":"passkey"}]'
     from "user" u where u.id = user_id and email = $1`,
    [other.email],
  );
  expect(await claims()).toMatchObject({
    acr: 'aal2',
    amr: ['email', 'otp', 'pop', 'mfa'],
    auth_time: Date.parse('2026-01-02T03:04:05Z') / 1000,
  });
});

test('a signed-out visitor gets 401 and no token', async () => {
  const answer = await new Visitor(service).ask('/api/auth/token');
  expect(answer.status).toBe(401);
  expect(answer.json).not.toHaveProperty('token');
});

test('get-session returns no token', async () => {
  expect((await visitor.getSession()).headers.has('set-auth-jwt')).toBe(false);
});

test('the published keys have no private part, and the stored private keys are encrypted', async () => {
  const { text } = await visitor.ask('/api/auth/jwks');
  const { keys } = JSON.parse(text) as { keys: Record<string, unknown>[] };
  for (const key of keys) expect(key).not.toHaveProperty('d');
  const rows = await database.query<{ private_key: string }>('select private_key from jwks');
  for (const row of rows) expect(row.private_key).not.toContain('"d"');
});

test('without JWT_TOKENS the token and key routes respond 404', async () => {
  const off = await start({ JWT_TOKENS: 'off' });
  for (const path of ['/api/auth/token', '/api/auth/jwks']) {
    expect((await at(off).ask(path)).status).toBe(404);
  }
  await off.stop();
});

test.each([
  ['added as a previous one', `1:${testSecret},2:${newSecret}`],
  ['made current', `2:${newSecret},1:${testSecret}`],
])(
  'with a new secret %s the stored key still signs, and startup has no finding',
  async (_, ring) => {
    const before = (await visitor.ask('/api/auth/token')).json?.token;
    const rotated = await start({ BETTER_AUTH_SECRET: undefined, BETTER_AUTH_SECRETS: ring });
    const answer = await at(rotated).ask('/api/auth/token');
    expect(answer.status).toBe(200);
    await verify(answer.json?.token);
    await verify(before, rotated);
    await rotated.logStartupReport();
    const { findings } = await rotated.logLine(({ msg }) => msg === 'startup');
    expect(JSON.stringify(findings)).not.toContain('SIGNING_KEY');
    await rotated.stop();
  },
);

test('a secret that cannot decrypt the stored key is a finding at startup, and /token responds a plain 500', async () => {
  const replaced = await start({ BETTER_AUTH_SECRET: newSecret });
  await replaced.logStartupReport();
  const line = await replaced.logLine(({ code }) => code === 'SIGNING_KEY_UNREADABLE');
  expect(line).toMatchObject({ level: 'error', variable: 'BETTER_AUTH_SECRET' });
  const newUser = new Visitor(replaced);
  await newUser.signUp();
  const answer = await newUser.ask('/api/auth/token');
  expect([answer.status, answer.json?.code]).toEqual([500, 'INTERNAL_ERROR']);
  await replaced.stop();
});
