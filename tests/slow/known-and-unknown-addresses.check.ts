/**
 * Known and unknown addresses cannot be distinguished by time: neither by the response, nor by the request that follows it,
 * which the mail that is sent meanwhile would delay.
 *
 * 200 of each in random order, each once what the request before left to do is done. The order makes both samples meet the
 * same load, so their ranks (Mann-Whitney) differ by chance alone if the work is the same, with a standard error of 0.029
 * whatever the machine does: the limit is four of them.
 */
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MailVisitor, startMailingService, type MailingService } from '../support/mailed-link.js';

const requests = 200;
const limit = 0.12;

/** Outside the service's thread and 10 ms away for each command, as a mail server is: otherwise it delays the next request itself. */
const mailServer = `
  const { parentPort } = require('node:worker_threads');
  const { SMTPServer } = require('smtp-server');
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    disableReverseLookup: true,
    onMailFrom: (_address, _session, done) => setTimeout(done, 10),
    onRcptTo: (_address, _session, done) => setTimeout(done, 10),
    onData: (stream, _session, done) => stream.on('end', () => setTimeout(done, 10)).resume(),
  });
  server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.server.address().port));`;

let worker: Worker;
let service: MailingService;
beforeAll(async () => {
  worker = new Worker(mailServer, { eval: true });
  const port = await new Promise<number>((resolve) => worker.once('message', resolve));
  service = await startMailingService({
    SMTP_URL: `smtp://127.0.0.1:${port}`,
    MAGIC_LINK: 'on',
    EMAIL_CODE: 'on',
    EMAIL_VERIFICATION: 'required',
  });
});
afterAll(async () => {
  await service.stop();
  await worker.terminate();
});

/** The probability that a value of the first sample is larger than one of the second; 0.5 if they are alike. */
function probabilityOfLarger(first: readonly number[], second: readonly number[]): number {
  const larger = first.flatMap((a) => second.map((b) => (a > b ? 1 : a === b ? 0.5 : 0)));
  return larger.reduce<number>((sum, one) => sum + one, 0) / larger.length;
}

function shuffle<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

const reset = '/api/auth/request-password-reset';

test.each([
  [reset, {}],
  ['/api/auth/sign-in/magic-link', {}],
  ['/api/auth/email-otp/send-verification-otp', { type: 'sign-in' }],
  ['/api/auth/sign-up/email', { name: 'Ada', password: 'quiet harbour seventeen lamps' }],
])('%s', { timeout: 300_000 }, async (path, fields) => {
  const known: string[] = [];
  while (known.length < requests) {
    const user = new MailVisitor(service);
    expect((await user.signUp()).status).toBe(200);
    known.push(user.email);
  }
  const timed = async (to: string, body: object) => {
    const startedAt = performance.now();
    expect((await new MailVisitor(service).ask(to, { body })).status).toBe(200);
    return performance.now() - startedAt;
  };
  const unknown = () => new MailVisitor(service).email;
  const measure = async (email: string) => {
    await service.mailer?.sendDue();
    const response = await timed(path, { email, ...fields });
    return { response, next: await timed(reset, { email: unknown() }) };
  };
  await measure(unknown()); // loads what the first request needs
  await service.mailer?.sendDue();
  // What the sign-ups left: a recipient's counter would be updated instead of inserted.
  await service.database.query('delete from rate_limit');
  await service.database.query('vacuum analyze');
  const durations = {
    known: { response: [] as number[], next: [] as number[] },
    unknown: { response: [] as number[], next: [] as number[] },
  };
  const asked = shuffle([
    ...known.map((email) => ({ kind: 'known' as const, email })),
    ...known.map(() => ({ kind: 'unknown' as const, email: unknown() })),
  ]);
  for (const { kind, email } of asked) {
    const { response, next } = await measure(email);
    durations[kind].response.push(response);
    durations[kind].next.push(next);
  }
  const differences = (['response', 'next'] as const).map((what) => {
    const probability = probabilityOfLarger(durations.known[what], durations.unknown[what]);
    return { what, difference: Math.abs(probability - 0.5) };
  });
  expect(differences.filter(({ difference }) => difference > limit)).toEqual([]);
});
