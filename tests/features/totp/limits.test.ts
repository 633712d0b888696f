/** Guesses at second factors, with the default limits (better-auth: 30 of 30 wrong tries with a session). */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  beginSignIn,
  enrol,
  verifyBackupCode,
  verifyTotp,
  type App,
} from '../../support/second-factor.js';
import { startTestService, type TestService } from '../../support/test-service.js';
import { Visitor } from '../../support/visitor.js';

let service: TestService;
let visitor: Visitor;
let app: App;
beforeAll(async () => {
  service = await startTestService({ env: { SECOND_FACTOR: 'optional' } });
});
afterAll(() => service.stop());
beforeEach(async () => {
  visitor = new Visitor(service);
  expect((await visitor.signUp()).status).toBe(200);
  app = await enrol(service, visitor);
});

/** Six digits that are no code near the present time. */
function wrongCodes(count: number): string[] {
  const right = Array.from({ length: 41 }, (_, index) => app.code(index - 20));
  const all = Array.from({ length: count + right.length }, (_, index) =>
    String(100_000 + index * 7),
  );
  return all.filter((code) => !right.includes(code)).slice(0, count);
}

async function pending(): Promise<Visitor> {
  const browser = new Visitor(service);
  expect((await beginSignIn(browser, visitor)).json?.secondFactor).toBe('verify');
  return browser;
}

test('thirty wrong codes with a session: three are verified, the others get 429 with Retry-After', async () => {
  const statuses: number[] = [];
  for (const code of wrongCodes(30)) {
    const answer = await verifyTotp(visitor, code);
    statuses.push(answer.status);
    if (answer.status === 429) {
      expect(answer.json?.reason).toBe('limit_account');
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    }
  }
  expect(statuses.filter((status) => status === 400)).toHaveLength(3);
  expect(statuses.filter((status) => status === 429)).toHaveLength(27);
  // The session itself goes on.
  expect((await visitor.ask('/session')).status).toBe(200);
});

test('neither new sign-ins nor other networks nor the other factor bring new tries', async () => {
  for (const code of wrongCodes(3)) await verifyTotp(await pending(), code);
  expect((await verifyTotp(await pending(), app.code())).status).toBe(429);
  expect((await verifyBackupCode(await pending(), String(app.backupCodes[0]))).status).toBe(429);
});

test('of thirty concurrent wrong codes three are verified', async () => {
  const browser = await pending();
  const answers = await Promise.all(wrongCodes(30).map((code) => verifyTotp(browser, code)));
  expect(answers.filter(({ status }) => status === 400)).toHaveLength(3);
});

test('guesses at the second factor hold back neither the password nor a session', async () => {
  for (const code of wrongCodes(4)) await verifyTotp(await pending(), code);
  expect((await pending()).cookies.size).toBeGreaterThan(0);
});

test('the owner’s own browser is not held back while somebody elsewhere guesses', async () => {
  const known = await pending();
  expect((await verifyTotp(known, app.code())).status).toBe(200);
  for (const code of wrongCodes(6)) await verifyTotp(await pending(), code);
  expect((await verifyTotp(await pending(), app.code(1))).status).toBe(429);
  await beginSignIn(known, visitor);
  expect((await verifyTotp(known, app.code(1))).status).toBe(200);
  // Its own guesses lead to pauses too.
  const statuses: number[] = [];
  for (const code of wrongCodes(4)) statuses.push((await verifyTotp(known, code)).status);
  expect(statuses).toEqual([400, 400, 400, 429]);
});

test('a right code ends the pauses', async () => {
  for (const code of wrongCodes(2)) await verifyTotp(visitor, code);
  expect((await verifyTotp(visitor, app.code())).status).toBe(200);
  const statuses: number[] = [];
  for (const code of wrongCodes(3)) statuses.push((await verifyTotp(visitor, code)).status);
  expect(statuses).toEqual([400, 400, 400]);
});

test('a wrong code is logged with the user, and so is a limited one', async () => {
  const browser = await pending();
  for (const code of wrongCodes(4)) await verifyTotp(browser, code);
  for (const outcome of ['refused', 'limited']) {
    const line = await service.logLine(
      (one) => one.outcome === outcome && one.userId !== undefined,
    );
    expect(line.userId).toMatch(/^\w{32}$/);
  }
});

test('who does not know the password uses up none of the owner’s tries', async () => {
  const stranger = new Visitor(service);
  for (const code of wrongCodes(10)) {
    const answer = await verifyTotp(stranger, code);
    expect([answer.status, answer.json?.reason]).toEqual([401, 'pending_sign_in_missing']);
  }
  expect((await verifyTotp(await pending(), app.code())).status).toBe(200);
});
