/** While there is an older secret, the log has the number of credentials still signed with it. */
import { expect, test } from 'vitest';
import { startTestService, testSecret } from '../support/test-service.js';
import { Visitor } from '../support/visitor.js';

test('checks are counted per version of the signing secret and logged once a minute', async () => {
  const BETTER_AUTH_SECRETS = `2:another-secret-that-is-long-enough-9876543210,1:${testSecret}`;
  let lateByMs = 0;
  const now = () => new Date(Date.now() + lateByMs);
  const before = await startTestService();
  const after = await startTestService({
    env: { BETTER_AUTH_SECRETS },
    testDatabase: before.database,
    now,
  });
  const old = new Visitor(before);
  await old.signUp();
  const headers = { cookie: old.cookieHeader };
  const recent = new Visitor(after);
  await recent.signUp();
  await recent.ask('/session');
  await recent.getSession();
  await new Visitor(after).ask('/session'); // without a credential: not counted
  const gone = new Visitor(before);
  await gone.signUp();
  const replayed = gone.cookieHeader;
  await gone.signOut();
  await new Visitor(after).ask('/session', { headers: { cookie: replayed } }); // ended: not counted
  await new Visitor(after).ask('/api/auth/list-accounts', { headers });
  lateByMs = 60_000;
  await new Visitor(after).ask('/session', { headers });
  const line = await after.logLine(({ msg }) => msg === 'secrets in use');
  expect(line).toMatchObject({ level: 'info', checks: { 1: 2, 2: 2 } });
  expect(line.fix).toContain('BETTER_AUTH_SECRETS');
  await after.stop();
  await before.stop();
});
