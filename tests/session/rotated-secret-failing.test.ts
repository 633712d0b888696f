/** The database fails while a credential is being reissued: the request itself succeeds. */
import { expect, test } from 'vitest';
import { createFaultyNetwork } from '../support/faulty-network.js';
import { startTestService, testSecret } from '../support/test-service.js';
import { Visitor } from '../support/visitor.js';

test('if a cookie cannot be reissued, the response is sent without it in time, and the log says why', async () => {
  const before = await startTestService();
  const network = await createFaultyNetwork(before.database.url);
  const BETTER_AUTH_SECRETS = `2:another-secret-that-is-long-enough-9876543210,1:${testSecret}`;
  const after = await startTestService({
    env: { BETTER_AUTH_SECRETS, DATABASE_URL: network.url },
    testDatabase: before.database,
  });
  const signedUp = new Visitor(before);
  await signedUp.signUp();
  const headers = { cookie: signedUp.cookieHeader };
  network.cutWhenSent('session_check_');
  const answer = await new Visitor(after).ask('/api/auth/list-accounts', { headers });
  expect([answer.status, answer.setCookies]).toEqual([200, []]);
  const id = answer.headers.get('x-request-id');
  const line = await after.logLine(({ msg }) => msg.includes('credential not reissued'));
  expect(line).toMatchObject({ level: 'warn', requestId: id });
  await network.heal();
  const again = await new Visitor(after).ask('/api/auth/list-accounts', { headers });
  expect(again.setCookies).toHaveLength(1);
  await after.stop();
  await network.close();
  await before.stop();
});
