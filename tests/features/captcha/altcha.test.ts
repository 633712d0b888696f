/** ALTCHA is asked for once half of a limit is used up, on each path; a solution is used once. */
import { createChallenge } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { challengeOf, encode, solve, tokenHeader } from '../../support/captcha.js';
import {
  MailVisitor,
  startMailingService,
  type MailingService,
} from '../../support/mailed-link.js';
import { readExposition } from '../../support/exposition.js';
import { recordStatements } from '../../support/recorded-statements.js';
import { Visitor, type Answer } from '../../support/visitor.js';

const diagnosticsToken = 'Zk4t8Mp0aWq2xYc7vN1sLd5hRf9gJb3e';
const password = 'quiet harbour seventeen lamps';

let service: MailingService;
beforeAll(async () => {
  service = await startMailingService({
    CAPTCHA: 'altcha',
    MAGIC_LINK: 'on',
    EMAIL_CODE: 'on',
    DIAGNOSTICS_TOKEN: diagnosticsToken,
    RATE_LIMIT_SIGN_IN_PER_ADDRESS: '4/10m',
    LIMIT_NETWORK: '100/10m',
  });
});
afterAll(() => service.stop());

const paths: [string, (email: string) => object][] = [
  ['/api/auth/sign-up/email', (email) => ({ name: 'Ada', email, password })],
  ['/api/auth/request-password-reset', (email) => ({ email })],
  ['/api/auth/sign-in/magic-link', (email) => ({ email })],
  ['/api/auth/email-otp/send-verification-otp', (email) => ({ email, type: 'sign-in' })],
];

let addresses = 0;
const newEmail = () => `captcha-${(addresses += 1)}@example.com`;

type Send = (token?: string) => Promise<Answer>;

/** Sends from one network, each time for another address. */
function sender([path, body]: (typeof paths)[number]): Send {
  const visitor = new MailVisitor(service);
  return (token) =>
    visitor.ask(path, {
      body: body(newEmail()),
      ...(token !== undefined && { headers: { [tokenHeader]: token } }),
    });
}

async function due(path = paths[1]): Promise<{ send: Send; refused: Answer }> {
  if (path === undefined) throw new Error('there is no such path');
  const send = sender(path);
  await send();
  await send();
  return { send, refused: await send() };
}

async function counted(result: string): Promise<number> {
  const { text } = await new Visitor(service).ask('/metrics', {
    headers: { 'x-diagnostics-token': diagnosticsToken },
  });
  return (
    readExposition(text).find(
      ({ name, labels }) => name === 'auth_captcha_total' && labels.result === result,
    )?.value ?? NaN
  );
}

test.each(paths)('%s asks for it after half of the limit, and passes with it', async (...path) => {
  const send = sender(path);
  expect((await send()).status).toBe(200);
  expect((await send()).status).toBe(200);
  const refused = await send();
  expect(refused.status).toBe(403);
  expect(refused.json).toMatchObject({
    code: 'CAPTCHA_REQUIRED',
    reason: 'captcha_required',
    message: 'Solve the captcha, and send the request again.',
    captcha: { provider: 'altcha', challenge: { signature: expect.any(String) as string } },
  });
  expect(refused.setCookies).toEqual([]);
  expect((await send(await solve(challengeOf(refused)))).status).toBe(200);
});

test('a request without it does not use up the limit, and a solved one does not extend it', async () => {
  const { send, refused } = await due();
  for (let at = 0; at < 8; at += 1) expect((await send()).status).toBe(403);
  expect((await send(await solve(challengeOf(refused)))).status).toBe(200);
  const again = await send();
  expect(again.status).toBe(403);
  expect((await send(await solve(challengeOf(again)))).status).toBe(200);
  expect((await send()).status).toBe(429);
});

test('nothing is written, hashed or mailed for a request without it', async () => {
  const { send } = await due(paths[0]);
  const statements = await recordStatements(service, () => send());
  expect(statements).toHaveLength(2); // counted, and taken back
  expect(statements.every((text) => text.includes('rate_limit'))).toBe(true);
});

test('it costs no statement while no limit is nearing', async () => {
  const plain = await startMailingService();
  try {
    const [path] = paths;
    if (path === undefined) throw new Error('there is no path');
    const ask = (one: MailingService) =>
      new MailVisitor(one).ask(path[0], { body: path[1](newEmail()) });
    await ask(plain); // the first request also starts the report and the sweep
    await plain.logStartupReport();
    const statementsOf = (one: MailingService) => recordStatements(one, () => ask(one));
    expect(await statementsOf(service)).toEqual(await statementsOf(plain));
  } finally {
    await plain.stop();
  }
});

describe('sign-in with a password', () => {
  async function newUser(): Promise<MailVisitor> {
    const user = new MailVisitor(service);
    expect((await user.signUp()).status).toBe(200);
    return user;
  }
  const signIn = (client: Visitor, { email }: Visitor, chosen: string, token?: string) =>
    client.ask('/api/auth/sign-in/email', {
      body: { email, password: chosen },
      ...(token !== undefined && { headers: { [tokenHeader]: token } }),
    });

  test('asks for it after two of three wrong passwords, known account or not', async () => {
    for (const owner of [await newUser(), new MailVisitor(service)]) {
      const client = new MailVisitor(service);
      expect((await signIn(client, owner, 'wrong-password-1')).status).toBe(401);
      expect((await signIn(client, owner, 'wrong-password-2')).status).toBe(401);
      expect((await signIn(client, owner, owner.password)).json).toMatchObject({
        code: 'CAPTCHA_REQUIRED',
        reason: 'captcha_required',
      });
    }
  });

  test('the right password with it signs in, and ends the count', async () => {
    const owner = await newUser();
    const client = new MailVisitor(service);
    await signIn(client, owner, 'wrong-password-1');
    await signIn(client, owner, 'wrong-password-2');
    const refused = await signIn(client, owner, owner.password);
    const token = await solve(challengeOf(refused));
    expect((await signIn(client, owner, owner.password, token)).status).toBe(200);
    expect((await signIn(client, owner, owner.password)).status).toBe(200);
  });

  test('asking for it neither counts nor prolongs a pause', async () => {
    const owner = await newUser();
    const client = new MailVisitor(service);
    await signIn(client, owner, 'wrong-password-1');
    await signIn(client, owner, 'wrong-password-2');
    const refused = await signIn(client, owner, 'wrong-password-3');
    const token = await solve(challengeOf(refused));
    expect((await signIn(client, owner, 'wrong-password-3', token)).status).toBe(401);
    expect((await signIn(client, owner, owner.password)).status).toBe(429);
    // The pause is over.
    await service.database.query(
      `update rate_limit set last_request = last_request - 60000 where key like 'pause|%'`,
    );
    const rows = 'select key, count, last_request from rate_limit order by key';
    const before = await service.database.query(rows);
    const asked = await signIn(client, owner, owner.password);
    expect(asked.json).toMatchObject({ reason: 'captcha_required' });
    expect(await service.database.query(rows)).toEqual(before);
    const second = await solve(challengeOf(asked));
    expect((await signIn(client, owner, owner.password, second)).status).toBe(200);
  });
});

describe('a token is refused with its reason', () => {
  test('captcha_used: a solution passes one of eight concurrent requests', async () => {
    const { refused } = await due();
    const token = await solve(challengeOf(refused));
    const sends = await Promise.all(Array.from({ length: 8 }, async () => (await due()).send));
    const answers = await Promise.all(sends.map((send) => send(token)));
    expect(answers.map(({ status }) => status).sort()).toEqual([
      200,
      ...Array<number>(7).fill(403),
    ]);
    const used = answers.filter(({ status }) => status === 403);
    expect(used.map(({ json }) => json?.reason)).toEqual(Array(7).fill('captcha_used'));
    // The refusal has the next challenge.
    expect(challengeOf(used[0] as Answer).signature).not.toBe(challengeOf(refused).signature);
  });

  test('captcha_expired', async () => {
    const { send, refused } = await due();
    const { parameters, signature } = challengeOf(refused);
    const expired = { ...parameters, expiresAt: Math.floor(Date.now() / 1000) - 1 };
    const solution = { counter: 1, derivedKey: '00'.repeat(32) };
    const answer = await send(encode({ challenge: { parameters: expired, signature }, solution }));
    expect(answer.json).toMatchObject({ code: 'CAPTCHA_EXPIRED', reason: 'captcha_expired' });
  });

  test('captcha_wrong: another counter, an own challenge, an easier one, text that is no token', async () => {
    const { refused } = await due();
    const challenge = challengeOf(refused);
    const solution = { counter: 1, derivedKey: '00'.repeat(32) };
    const own = await createChallenge({
      algorithm: 'PBKDF2/SHA-256',
      cost: 1,
      expiresAt: new Date(Date.now() + 60_000),
      deriveKey,
      hmacSignatureSecret: 'a secret of somebody else',
    });
    const easier = { ...challenge, parameters: { ...challenge.parameters, cost: 1 } };
    const tokens = [
      encode({ challenge, solution }),
      await solve(own),
      await solve(easier),
      encode({ challenge: { ...challenge, signature: '' }, solution }),
      encode({
        challenge: { parameters: { ...challenge.parameters, expiresAt: 0 }, signature: 'x' },
      }),
      encode(null),
      encode([]),
      'not base64 of JSON',
      'x'.repeat(9_000),
    ];
    const before = await counted('captcha_wrong');
    for (const token of tokens) {
      const answer = await (await due()).send(token);
      expect(answer.status).toBe(403);
      expect(answer.json).toMatchObject({ code: 'CAPTCHA_WRONG', reason: 'captcha_wrong' });
    }
    expect(await counted('captcha_wrong')).toBe(before + tokens.length);
    const used = "select 1 from rate_limit where key like 'captcha|%' and last_request > $1";
    expect(await service.database.query(used, [Date.now()])).toEqual([]);
  });

  test('a wrong token uses up the limit', async () => {
    const { send } = await due();
    expect((await send('wrong')).status).toBe(403);
    expect((await send('wrong')).status).toBe(403);
    expect((await send('wrong')).status).toBe(429);
  });

  test('the log has the reason and no token', async () => {
    const { send, refused } = await due();
    const token = await solve(challengeOf(refused));
    await send(token);
    const answer = await send(token);
    const requestId = answer.headers.get('x-request-id');
    const line = await service.logLine(
      (each) => each.msg === 'captcha refused' && each.requestId === requestId,
    );
    expect(line).toMatchObject({ level: 'info', reason: 'captcha_used' });
    expect(service.logText()).not.toContain(token);
  });
});

test('the features list names the provider; a page of a trusted origin may send the header', async () => {
  const visitor = new Visitor(service);
  expect((await visitor.ask('/api/auth/features')).json).toMatchObject({
    features: { captcha: { provider: 'altcha' } },
  });
  const preflight = await visitor.ask('/api/auth/sign-up/email', {
    method: 'OPTIONS',
    headers: {
      'access-control-request-method': 'POST',
      'access-control-request-headers': `content-type,${tokenHeader}`,
    },
  });
  expect(preflight.headers.get('access-control-allow-headers')).toContain(tokenHeader);
});
