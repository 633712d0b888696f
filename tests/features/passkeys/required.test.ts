/** SECOND_FACTOR=required with passkeys: one may be the only second factor, and then it stays. */
import { expect, test } from 'vitest';
import { SoftwareAuthenticator } from '../../support/software-authenticator.js';
import { appFor, verifyTotp } from '../../support/second-factor.js';
import { startTestService, type TestService } from '../../support/test-service.js';
import { Visitor } from '../../support/visitor.js';
import { enrol, paths } from './ceremony.js';

async function withService(run: (service: TestService) => Promise<void>): Promise<void> {
  const service = await startTestService({ env: { SECOND_FACTOR: 'required', PASSKEYS: 'on' } });
  try {
    await run(service);
  } finally {
    await service.stop();
  }
}

test('a passkey completes the first sign-in, and is removed only once another factor is set up', () =>
  withService(async (service) => {
    const visitor = new Visitor(service);
    expect((await visitor.signUp()).json).toMatchObject({
      secondFactor: 'enrol',
      twoFactorMethods: expect.arrayContaining(['totp', 'passkey']) as string[],
    });
    const added = await enrol(visitor, new SoftwareAuthenticator());
    expect(added.json).toMatchObject({ user: { email: visitor.email } });
    expect((await visitor.ask('/session')).json).toMatchObject({ session: { aal: 2 } });
    const { id } = added.json ?? {};
    const refused = await visitor.ask(paths.remove, { body: { id } });
    expect([refused.status, refused.json?.reason]).toEqual([409, 'passkey_is_required']);
    const begun = await visitor.ask('/api/auth/two-factor/enable', { body: {} });
    const app = appFor(begun, service, visitor.email);
    expect((await verifyTotp(visitor, app.code())).status).toBe(200);
    expect((await visitor.ask(paths.remove, { body: { id } })).status).toBe(200);
  }));
