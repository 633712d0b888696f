/** Backup codes, for who has lost the authenticator app. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  MailVisitor,
  startMailingService,
  type MailingService,
} from '../../support/mailed-link.js';
import {
  beginSignIn,
  enrol,
  verifyBackupCode,
  verifyTotp,
  type App,
} from '../../support/second-factor.js';
import type { Visitor } from '../../support/visitor.js';

let service: MailingService;
let visitor: Visitor;
let app: App;
beforeAll(async () => {
  service = await startMailingService({
    SECOND_FACTOR: 'optional',
    LIMIT_PAUSE: '50/1s/1s',
    RATE_LIMIT_SIGN_IN_PER_ACCOUNT: '100/1m',
  });
});
afterAll(() => service.stop());
beforeEach(async () => {
  visitor = new MailVisitor(service);
  expect((await visitor.signUp()).status).toBe(200);
  app = await enrol(service, visitor);
});

async function signInElsewhere(): Promise<Visitor> {
  const browser = new MailVisitor(service);
  expect((await beginSignIn(browser, visitor)).json?.secondFactor).toBe('verify');
  return browser;
}

const first = () => String(app.backupCodes[0]);

/** Waits for the mail. The first one is about the app that was set up. */
const subjectsOf = async (count: number) =>
  (await service.mailsTo(visitor.email, count)).map(({ subject }) => subject);

test('ten different codes of 75 bits', () => {
  expect(new Set(app.backupCodes).size).toBe(10);
  for (const code of app.backupCodes)
    expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{5}-){2}[0-9A-HJKMNP-TV-Z]{5}$/);
});

test('a code signs in once, in any spelling, and the owner gets a mail', async () => {
  const browser = await signInElsewhere();
  const spelled = first().toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o');
  const answer = await verifyBackupCode(browser, spelled);
  expect([answer.status, answer.json?.backupCodesLeft]).toEqual([200, 9]);
  expect((await browser.ask('/session')).json).toMatchObject({
    session: { aal: 2, methods: [{ method: 'password' }, { method: 'backup_code' }] },
  });
  expect(await subjectsOf(2)).toContain('A backup code was used');
  const again = await verifyBackupCode(await signInElsewhere(), first());
  expect([again.status, again.json?.reason]).toEqual([400, 'backup_code_used']);
});

test('of eight concurrent requests with one code one signs in', async () => {
  const browsers = await Promise.all(Array.from({ length: 8 }, signInElsewhere));
  const answers = await Promise.all(browsers.map((browser) => verifyBackupCode(browser, first())));
  const statuses = answers.map(({ status }) => status).sort();
  expect(statuses).toEqual([200, ...Array.from({ length: 7 }, () => 400)]);
});

describe('refused', () => {
  test.each(['', 'AAAAA-BBBBB-CCCCC', '{"a":1}', 'é'.repeat(40)])('%j', async (code) => {
    const answer = await verifyBackupCode(await signInElsewhere(), code);
    expect([answer.status, answer.json?.reason]).toEqual([400, 'backup_code_wrong']);
  });

  test('a code of another user', async () => {
    const other = new MailVisitor(service);
    await other.signUp();
    const { backupCodes } = await enrol(service, other);
    const answer = await verifyBackupCode(await signInElsewhere(), String(backupCodes[0]));
    expect(answer.json?.reason).toBe('backup_code_wrong');
  });

  test('codes of an app that was not confirmed', async () => {
    const begun = await visitor.ask('/api/auth/two-factor/enable', { body: {} });
    const [code] = begun.json?.backupCodes as string[];
    expect((await verifyBackupCode(await signInElsewhere(), String(code))).status).toBe(400);
    expect((await verifyBackupCode(await signInElsewhere(), first())).status).toBe(200);
  });
});

test('new codes replace the old ones, and the owner gets a mail', async () => {
  const answer = await visitor.ask('/api/auth/two-factor/generate-backup-codes', { body: {} });
  expect(answer.json?.backupCodes).toHaveLength(10);
  expect(await subjectsOf(2)).toContain('You have new backup codes');
  expect((await verifyBackupCode(await signInElsewhere(), first())).status).toBe(400);
  const [code] = answer.json?.backupCodes as string[];
  expect((await verifyBackupCode(await signInElsewhere(), String(code))).status).toBe(200);
});

test('disabling removes app and codes, ends the second factor, and the owner gets a mail', async () => {
  expect((await visitor.ask('/api/auth/two-factor/disable', { body: {} })).status).toBe(200);
  expect(await subjectsOf(2)).toEqual([
    'Your account has a second factor now',
    'Your account has no second factor any more',
  ]);
  expect((await beginSignIn(new MailVisitor(service), visitor)).json).toHaveProperty('user');
  expect((await verifyTotp(visitor, app.code())).json?.reason).toBe('totp_not_enrolled');
  const rows = await service.database.query(
    `select 1 from backup_code b join "user" u on u.id = user_id where email = $1`,
    [visitor.email],
  );
  expect(rows).toEqual([]);
});
