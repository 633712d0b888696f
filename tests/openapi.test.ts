/**
 * docs/openapi.json describes the success of every operation as the service returns it. `npm run check:api` finds
 * undocumented errors with generated requests, but cannot guess a password or end the session that it needs.
 */
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { apiPath, apiRoutes } from '../src/features/admin/api-routes.js';
import { everyFeatureWithoutRedis } from './support/every-feature.js';
import { appFor, enrol } from './support/second-factor.js';
import { startTestService, type TestService } from './support/test-service.js';
import { Visitor, type AskOptions } from './support/visitor.js';

type Operation = { readonly responses: Readonly<Record<string, unknown>> };
interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

const file = new URL('../docs/openapi.json', import.meta.url);
const openApi = JSON.parse(readFileSync(file, 'utf8')) as OpenApi;
const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
ajv.addSchema(openApi, 'openapi.json');

const withToken = {
  headers: { 'x-diagnostics-token': everyFeatureWithoutRedis.DIAGNOSTICS_TOKEN },
};
const profile = { background: 'physics' };
const newPassword = 'another correct horse battery';

let service: TestService;

beforeAll(async () => {
  service = await startTestService({ env: everyFeatureWithoutRedis });
});

afterAll(() => service.stop());

type Prepare = (visitor: Visitor) => AskOptions | Promise<AskOptions>;

const newPasswordBody = { password: 'a passphrase from an operator' };

/** The path parameter is the visitor's own id, who becomes an operator. */
async function asOperator(visitor: Visitor): Promise<AskOptions> {
  await service.database.query(`update "user" set role = 'admin' where email = $1`, [
    visitor.email,
  ]);
  await service.database.query(
    'update session set aal = 2 where user_id = (select id from "user" where email = $1)',
    [visitor.email],
  );
  return { origin: service.config.baseUrl };
}

async function actingAsOperator(visitor: Visitor, body: object = {}): Promise<AskOptions> {
  // A second operator, so that the first one can be deleted.
  const other = new Visitor(service);
  await other.signUp();
  await asOperator(other);
  return { ...(await asOperator(visitor)), body };
}

const adminSuccesses: Readonly<Record<string, Prepare>> = Object.fromEntries(
  Object.values(apiRoutes)
    .filter(({ path }) => !path.endsWith('/impersonate'))
    .map(({ method, path }): [string, Prepare] => [
      `${method.toLowerCase()} ${apiPath}${path.replace(':id', '{id}')}`,
      (visitor) =>
        method === 'GET'
          ? asOperator(visitor)
          : actingAsOperator(visitor, path.endsWith('/set-password') ? newPasswordBody : {}),
    ]),
);

async function idOf(visitor: Visitor): Promise<string> {
  const { json } = await visitor.ask('/session');
  return (json?.user as { id?: string } | undefined)?.id ?? '';
}

/** Operation → the request with which it succeeds for a signed-in user. */
const successes: Readonly<Record<string, Prepare>> = {
  ...adminSuccesses,
  'get /session': () => ({}),
  'get /health': () => ({}),
  'get /ready': () => ({}),
  'get /diagnostics': () => withToken,
  'get /metrics': () => withToken,
  'post /api/auth/sign-up/email': () => {
    const { email, password } = new Visitor(service);
    return { body: { name: 'Ada', email, password, profile } };
  },
  'post /api/auth/sign-in/email': ({ email, password }) => ({ body: { email, password } }),
  'post /api/auth/sign-out': () => ({ body: {} }),
  'get /api/auth/get-session': () => ({}),
  'get /api/auth/list-sessions': () => ({}),
  'post /api/auth/revoke-session': () => ({ body: { token: 'of-no-session' } }),
  'post /api/auth/revoke-sessions': () => ({ body: {} }),
  'post /api/auth/revoke-other-sessions': () => ({ body: {} }),
  'post /api/auth/change-password': ({ password }) => ({
    body: { currentPassword: password, newPassword, revokeOtherSessions: true },
  }),
  'post /api/auth/verify-password': ({ password }) => ({ body: { password } }),
  'get /api/auth/step-up': () => ({}),
  'post /api/auth/step-up': ({ password }) => ({ body: { password } }),
  'post /api/auth/update-user': () => ({ body: { name: 'Grace', profile } }),
  'post /api/auth/delete-user': ({ password }) => ({ body: { password } }),
  'post /api/auth/sign-in/magic-link': ({ email }) => ({ body: { email, name: 'Ada' } }),
  'post /api/auth/email-otp/send-verification-otp': ({ email }) => ({
    body: { email, type: 'sign-in' },
  }),
  'post /api/auth/request-password-reset': ({ email }) => ({ body: { email } }),
  'post /api/auth/send-verification-email': ({ email }) => ({ body: { email } }),
  'post /api/auth/change-email': ({ password }) => ({
    body: { newEmail: new Visitor(service).email, password },
  }),
  'post /api/auth/redirect/ticket': () => ({ body: { code_challenge: 'a'.repeat(43) } }),
  'post /api/auth/sign-in/social': () => ({ body: { provider: 'github', callbackURL: '/' } }),
  'post /api/auth/link-social': () => ({ body: { provider: 'github', callbackURL: '/' } }),
  'post /api/auth/two-factor/enable': () => ({ body: {} }),
  'post /api/auth/two-factor/verify-totp': async (visitor) => {
    const begun = await visitor.ask('/api/auth/two-factor/enable', { body: {} });
    return { body: { code: appFor(begun, service, visitor.email).code(), trustDevice: true } };
  },
  'post /api/auth/two-factor/verify-backup-code': async (visitor) => {
    const { backupCodes } = await enrol(service, visitor);
    return { body: { code: backupCodes[0] } };
  },
  'post /api/auth/two-factor/generate-backup-codes': async (visitor) => {
    await enrol(service, visitor);
    return { body: {} };
  },
  'post /api/auth/two-factor/disable': async (visitor) => {
    await enrol(service, visitor);
    return { body: {} };
  },
  'get /api/auth/two-factor/status': () => ({}),
  'get /api/auth/two-factor/trusted-devices': async (visitor) => {
    const begun = await visitor.ask('/api/auth/two-factor/enable', { body: {} });
    const code = appFor(begun, service, visitor.email).code();
    await visitor.ask('/api/auth/two-factor/verify-totp', { body: { code, trustDevice: true } });
    return {};
  },
  'post /api/auth/two-factor/revoke-trusted-device': () => ({ body: { id: 'of-no-device' } }),
  'post /api/auth/two-factor/revoke-trusted-devices': () => ({ body: {} }),
  'get /api/auth/passkey/generate-register-options': () => ({}),
  'get /api/auth/passkey/generate-authenticate-options': () => ({}),
  'get /api/auth/passkey/list-user-passkeys': () => ({}),
  'get /api/auth/list-accounts': () => ({}),
  'get /api/auth/token': () => ({}),
  'get /api/auth/jwks': () => ({}),
  'get /api/auth/ok': () => ({}),
};

/**
 * A user's last account cannot be unlinked. No mail is received, no provider signs in and no passkey exists here: the tests
 * of the features redeem links and codes, and validate what passkeys return.
 */
const cannotSucceed = [
  'post /api/admin/users/{id}/impersonate', // of an operator, as all users are here
  'post /api/admin/stop-impersonating',
  'post /api/auth/unlink-account',
  'post /api/auth/passkey/verify-registration',
  'post /api/auth/passkey/verify-authentication',
  'post /api/auth/passkey/update-passkey',
  'post /api/auth/passkey/delete-passkey',
  'post /api/auth/redirect/redeem',
  'post /api/auth/redirect/prove',
  'post /api/auth/redirect/confirm',
  'post /api/auth/magic-link/verify',
  'post /api/auth/sign-in/email-otp',
  'post /api/auth/change-email/verify',
  'post /api/auth/change-email/undo',
  'post /api/auth/delete-user/verify',
  'post /api/auth/security-notices/not-me',
  'post /api/auth/reset-password',
  'post /api/auth/verify-email',
];

test('every operation of the document is tried', () => {
  const documented = Object.entries(openApi.paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method} ${path}`),
  );
  expect([...Object.keys(successes), ...cannotSucceed].sort()).toEqual(documented.sort());
});

test.each(Object.entries(successes))(
  'the success of %s is as documented',
  async (name, options) => {
    const visitor = new Visitor(service);
    await visitor.signUp();
    const [method = '', path = ''] = name.split(' ');
    const url = path.replace('{id}', await idOf(visitor)).replace(/explain$/, 'explain?id=none');
    const response = await visitor.ask(url, await options(visitor));
    expect(response.status, response.text).toBe(200);

    const pointer = (text: string) => text.replaceAll('~', '~0').replaceAll('/', '~1');
    if (response.json === undefined) {
      const { content } = openApi.paths[path]?.[method]?.responses['200'] as { content: object };
      expect(Object.keys(content)).toEqual(['text/plain']);
      return;
    }
    const validate = ajv.compile({
      $ref: `openapi.json#/paths/${pointer(path)}/${method}/responses/200/content/${pointer('application/json')}/schema`,
    });
    validate(response.json);
    expect(validate.errors).toBeNull();
  },
);
