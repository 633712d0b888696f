/**
 * Known and unknown addresses are answered in times that nobody can tell apart: 200 of each, asked alternately, so that
 * both meet the same load. Compared by ranks (Mann-Whitney U), which one slow response does not move.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MailVisitor, startMailingService, type MailingService } from '../support/mailed-link.js';

const requests = 200;

let service: MailingService;
beforeAll(async () => {
  service = await startMailingService({
    MAGIC_LINK: 'on',
    EMAIL_CODE: 'on',
    EMAIL_VERIFICATION: 'required',
  });
});
afterAll(() => service.stop());

/** The probability that a value of the first sample is larger than one of the second; 0.5 if they are alike. */
function probabilityOfLarger(first: readonly number[], second: readonly number[]): number {
  const larger = first.flatMap((a) => second.map((b) => (a > b ? 1 : a === b ? 0.5 : 0)));
  return larger.reduce<number>((sum, one) => sum + one, 0) / larger.length;
}

test.each([
  ['/api/auth/request-password-reset', {}],
  ['/api/auth/sign-in/magic-link', {}],
  ['/api/auth/email-otp/send-verification-otp', { type: 'sign-in' }],
  ['/api/auth/sign-up/email', { name: 'Ada', password: 'quiet harbour seventeen lamps' }],
])('%s', { timeout: 120_000 }, async (path, fields) => {
  const known: string[] = [];
  for (let users = 0; users < requests; users += 1) {
    const user = new MailVisitor(service);
    await user.signUp();
    known.push(user.email);
  }
  const durationOf = async (email: string) => {
    const visitor = new MailVisitor(service);
    const startedAt = performance.now();
    const { status } = await visitor.ask(path, { body: { email, ...fields } });
    expect(status).toBe(200);
    return performance.now() - startedAt;
  };
  await durationOf(new MailVisitor(service).email); // loads what the first request needs
  const durations = { known: [] as number[], unknown: [] as number[] };
  for (const email of known) {
    durations.unknown.push(await durationOf(new MailVisitor(service).email));
    durations.known.push(await durationOf(email));
  }
  // The standard error with 200 of each is 0.03.
  expect(Math.abs(probabilityOfLarger(durations.known, durations.unknown) - 0.5)).toBeLessThan(
    0.12,
  );
});
