/**
 * Every function that processes untrusted text takes no longer for 100 kB of adversarial text than for 100 kB of words.
 */
import { describe, expect, test } from 'vitest';
import { createAuthLogger } from '../../src/auth/auth-logger.js';
import { createOriginCheck } from '../../src/config/trusted-origin.js';
import { logCookies } from '../../src/features/cookie-debug/routes.js';
import { detectMisconfiguration } from '../../src/http/detect-misconfiguration.js';
import type {
  Middleware,
  MiddlewareRequest,
  MiddlewareResponse,
} from '../../src/http/middleware.js';
import { requestId } from '../../src/http/request-id.js';
import { requestLog } from '../../src/http/request-log.js';
import { describeError } from '../../src/log/describe-error.js';
import { createLogger } from '../../src/log/logger.js';
import { maskShape, maskText } from '../../src/log/mask.js';
import { createRequestScopes } from '../../src/request-scope.js';
import { readCredential } from '../../src/session/credential.js';
import { signWithCurrentSecret } from '../../src/session/sign-with-current-secret.js';
import { hostileTexts, isFast } from '../support/hostile-text.js';

let line = '';
const logger = createLogger('info', { write: (text: string) => void (line = text) });
const authLogger = createAuthLogger(logger, createRequestScopes());
const isTrusted = createOriginCheck({
  trustedOrigins: ['https://docs.example'],
  originPatterns: ['https://docs-*-team.vercel.app'],
});
const hostFindings = () =>
  detectMisconfiguration(
    { ownOrigins, clientIpHeader: undefined, findings: [] },
    logger,
    () => undefined,
  );
const rules = {
  cookieName: 'better-auth.session_token',
  dontRememberCookieName: 'better-auth.dont_remember',
  secrets: [
    { version: 2, value: 'one-secret-that-is-long-enough-0123456789' },
    { version: 1, value: 'another-secret-that-is-long-enough-0123456789' },
  ],
  bearer: true,
};

/** Runs a middleware for a request with these headers, as Express does. */
function passThrough(
  middleware: Middleware,
  headers: Record<string, string>,
  path = '/session',
): void {
  const listeners: (() => void)[] = [];
  const res = {
    locals: { logFields: {}, requestId: 'r' },
    once: (_event: string, listener: () => void) => listeners.push(listener),
    setHeader: () => undefined,
    getHeader: () => undefined,
    statusCode: 200,
    writableFinished: true,
  };
  const req = { headers, path, method: 'GET', get: (name: string) => headers[name] };
  void middleware(
    req as unknown as MiddlewareRequest,
    res as unknown as MiddlewareResponse,
    () => undefined,
  );
  for (const listener of listeners) listener();
  if (Object.keys(res.locals.logFields).length > 0) logger.info(res.locals.logFields, 'request');
}

const ownOrigins = ['https://auth.example'];
const raw = { mode: 'raw', until: new Date(8.64e15) } as const;
const summary = { mode: 'summary', until: undefined } as const;
const now = () => new Date(0);

/** Title → how untrusted text is processed. */
const entries: Record<string, (text: string) => unknown> = {
  maskText: (text) => maskText(text),
  'the shape of a cookie': (text) => maskShape(text),
  'an error’s message': (text) => log(new Error(text)),
  'an error’s name and code': (text) =>
    log(Object.assign(new Error('x'), { name: text, code: text, constraint: text })),
  'a statement': (text) => log(Object.assign(new Error(text), { query: text, params: [] })),
  'the message of a cause': (text) =>
    log(new Error('x', { cause: new Error(text, { cause: new Error(text) }) })),
  'a message that is not in the stack': (text) => {
    const error = new Error(text);
    error.message = 'another';
    return log(error);
  },
  'a message of BetterAuth': (text) => authLogger.log?.('error', `Invalid callbackURL: ${text}`),
  'an error of BetterAuth': (text) => authLogger.log?.('error', text, new Error(text)),
  'a request id': (text) => passThrough(requestId(), { 'x-request-id': text }),
  'a path': (text) => passThrough(requestLog(logger, isTrusted), {}, `/${text}`),
  'an origin in the log': (text) => passThrough(requestLog(logger, isTrusted), { origin: text }),
  'an origin': (text) => isTrusted(`https://docs-${text}-team.vercel.app`),
  'a host': (text) =>
    passThrough(hostFindings(), {
      host: text,
      'x-forwarded-host': text,
      'x-forwarded-for': text,
      origin: text,
    }),
  'the name of a cookie for debugging': (text) =>
    passThrough(logCookies(summary, now), { cookie: `${text}=a` }),
  'the value of a cookie for debugging': (text) =>
    passThrough(logCookies(summary, now), { cookie: `a=${text}` }),
  'many cookies for debugging': (text) =>
    passThrough(logCookies(raw, now), {
      cookie: text.replaceAll('a', 'a=1;').slice(0, text.length),
    }),
  'a renamed session cookie': (text) =>
    readCredential({ cookie: `${text}.session_token=x` }, rules),
  'a session cookie': (text) => readCredential({ cookie: `${rules.cookieName}=${text}` }, rules),
  'a cookie header': (text) => readCredential({ cookie: text }, rules),
  'a bearer token': (text) => readCredential({ authorization: `Bearer ${text}` }, rules),
  'a signed bearer token': (text) =>
    readCredential({ authorization: `Bearer ${text}.${'a'.repeat(43)}=` }, rules),
  'an authorization header': (text) => readCredential({ authorization: text }, rules),
  'a user agent': (text) => readCredential({ 'user-agent': text, origin: text }, rules),
  'a credential to sign anew': (text) =>
    signWithCurrentSecret({ cookie: `${rules.dontRememberCookieName}=${text}; ${text}=1` }, rules),
};

function log(err: unknown): unknown {
  logger.error({ err }, 'failed');
  return describeError(err);
}

describe.each(Object.entries(entries))('%s', (_title, work) => {
  test('processes 100 kB of any kind as fast as words', async () => {
    for (const [title, text] of Object.entries(hostileTexts)) {
      expect(await isFast(work, text, { times: 15, floorMs: 2, runs: 20 }), title).toBe(true);
    }
  });

  test('writes no log line longer than 40,000 characters', () => {
    for (const [title, text] of Object.entries(hostileTexts)) {
      line = '';
      work(text);
      expect(line.length, title).toBeLessThan(40_000);
    }
  });
});
