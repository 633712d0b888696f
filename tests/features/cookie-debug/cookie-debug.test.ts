import { afterEach, describe, expect, test } from 'vitest';
import type { Environment } from '../../../src/config/environment.js';
import { sendRaw } from '../../support/raw-socket.js';
import { startTestService, type LogLine, type TestService } from '../../support/test-service.js';
import { Visitor, type Answer } from '../../support/visitor.js';

interface ShownCookie {
  name: string;
  length: number;
  shape?: string;
  value?: string;
  attributes?: string;
}

const cookieName = 'better-auth.session_token';
const startedAt = Date.now();

let service: TestService;
let clock = new Date(startedAt);
afterEach(() => service.stop());

async function start(env: Environment): Promise<Visitor> {
  clock = new Date(startedAt);
  service = await startTestService({ env, now: () => clock });
  return new Visitor(service);
}

const inMinutes = (minutes: number) => new Date(startedAt + minutes * 60_000);

const lineOf = (answer: Answer): Promise<LogLine> =>
  service.logLine(({ msg, requestId }) => {
    return msg === 'request' && requestId === answer.headers.get('x-request-id');
  });

async function cookiesOf(answer: Answer) {
  const line = await lineOf(answer);
  return {
    received: line.cookiesReceived as ShownCookie[] | undefined,
    set: line.cookiesSet as ShownCookie[] | undefined,
  };
}

describe('off, the default', () => {
  test('logs neither cookies nor their shapes', async () => {
    const visitor = await start({});
    const signedUp = await visitor.signUp();
    expect(signedUp.setCookies).toHaveLength(1);
    expect(await cookiesOf(signedUp)).toEqual({ received: undefined, set: undefined });
    expect(await cookiesOf(await visitor.ask('/session'))).toEqual({});
  });
});

describe('summary', () => {
  test('shows a set cookie’s name, length, shape and attributes', async () => {
    const visitor = await start({ COOKIE_DEBUG: 'summary' });
    const { received, set } = await cookiesOf(await visitor.signUp());
    expect(received).toEqual([]);
    expect(set).toEqual([
      {
        name: cookieName,
        length: visitor.sessionCookie.length,
        shape: expect.stringMatching(/^[a0]{32}\.(?:[a0]|%[a0]{2})+$/) as string,
        attributes: expect.stringMatching(/Path=\/; HttpOnly; SameSite=Lax$/) as string,
      },
    ]);
    expect(service.logText()).not.toContain(visitor.sessionCookie.slice(0, 8));
  });

  test('shows every received cookie in order, with duplicates and cookies of other applications', async () => {
    const visitor = await start({ COOKIE_DEBUG: 'summary' });
    const cookie = `${cookieName}="aZ09"; theme=dark-2; ${cookieName}=b; empty=; no-value`;
    const { received } = await cookiesOf(await visitor.ask('/session', { headers: { cookie } }));
    expect(received).toEqual([
      { name: cookieName, length: 4, shape: 'aa00' },
      { name: 'theme', length: 6, shape: 'aaaa-0' },
      { name: cookieName, length: 1, shape: 'a' },
      { name: 'empty', length: 0, shape: '' },
    ]);
  });

  test('masks letters and digits beyond ASCII', async () => {
    await start({ COOKIE_DEBUG: 'summary' });
    const header = 'Cookie: c=Zoë²é5'; // UTF-8 bytes, which Node reads as ISO 8859-1: more characters, no others
    await sendRaw(service, ['GET /session HTTP/1.1', header]);
    const line = await service.logLine(({ msg }) => msg === 'request');
    const [shown] = line.cookiesReceived as ShownCookie[];
    expect(shown?.shape?.replace(/[a0]/g, '')).not.toMatch(/[\p{L}\p{N}]/u);
    expect(shown?.length).toBe(Buffer.byteLength('Zoë²é5'));
  });

  test('truncates long names and shapes', async () => {
    const visitor = await start({ COOKIE_DEBUG: 'summary' });
    const cookie = `${'n-'.repeat(200)}=${'v'.repeat(5000)}`;
    const { received } = await cookiesOf(await visitor.ask('/session', { headers: { cookie } }));
    expect(received).toEqual([{ name: 'n-'.repeat(40), length: 5000, shape: 'a'.repeat(200) }]);
  });

  test('masks a credential in place of a cookie’s name', async () => {
    const visitor = await start({ COOKIE_DEBUG: 'summary' });
    await visitor.signUp();
    const value = decodeURIComponent(visitor.sessionCookie);
    await cookiesOf(await visitor.ask('/session', { headers: { cookie: value } }));
    expect(service.logText()).not.toContain(value.slice(0, 32));
  });
});

describe('raw', () => {
  test('shows values until COOKIE_DEBUG_UNTIL and masks them afterwards without a restart', async () => {
    const until = inMinutes(30).toISOString();
    const visitor = await start({ COOKIE_DEBUG: 'raw', COOKIE_DEBUG_UNTIL: until });
    const signedUp = await cookiesOf(await visitor.signUp());
    const value = visitor.sessionCookie;
    const shown = { name: cookieName, length: value.length, value };
    expect(signedUp.set).toEqual([{ ...shown, attributes: expect.any(String) as string }]);

    clock = new Date(inMinutes(30).getTime() - 1);
    expect((await cookiesOf(await visitor.ask('/session'))).received).toEqual([shown]);

    const shownUntilNow = service.logText().length;
    clock = inMinutes(30);
    const [masked] = (await cookiesOf(await visitor.ask('/session'))).received ?? [];
    expect(masked).toEqual({
      name: cookieName,
      length: value.length,
      shape: value.replace(/[a-z]/gi, 'a').replace(/\d/g, '0'),
    });
    expect(service.logText().slice(shownUntilNow)).not.toContain(value.slice(0, 8));
  });

  test('with a COOKIE_DEBUG_UNTIL that has passed at startup never shows values', async () => {
    const until = inMinutes(-1).toISOString();
    const visitor = await start({ COOKIE_DEBUG: 'raw', COOKIE_DEBUG_UNTIL: until });
    const { set } = await cookiesOf(await visitor.signUp());
    expect(set?.[0]).not.toHaveProperty('value');
    expect(set?.[0]).toHaveProperty('shape');
  });
});
