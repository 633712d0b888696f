/** Generated requests: any method, all endpoints, headers and bodies, each likely to be unusual. */
import fc from 'fast-check';
import { testIpHeader } from '../support/test-service.js';
import { hostile, json, secret, short, text, url } from './values.js';
import type { Victim } from './victims.js';

export interface FuzzRequest {
  readonly method: string;
  readonly path: string;
  /** Header lines as sent. */
  readonly lines: readonly string[];
  readonly body: Buffer;
  /** Whether Node's parser may refuse it, whose response is not in our error format. */
  readonly isBroken: boolean;
}

const endpoints = [
  'sign-in/email',
  'sign-up/email',
  'sign-out',
  'get-session',
  'list-sessions',
  'revoke-session',
  'revoke-sessions',
  'revoke-other-sessions',
  'change-password',
  'verify-password',
  'update-user',
  'update-session',
  'delete-user',
  'delete-user/callback',
  'delete-user/verify',
  'reset-password',
  'request-password-reset',
  'verify-email',
  'send-verification-email',
  'change-email',
  'change-email/verify',
  'change-email/undo',
  'sign-in/social',
  'link-social',
  'unlink-account',
  'list-accounts',
  'account-info',
  'refresh-token',
  'get-access-token',
  'token',
  'jwks',
  'ok',
  'error',
];
const fields = [
  'name',
  'email',
  'newEmail',
  'image',
  'password',
  'currentPassword',
  'newPassword',
  'token',
  'callbackURL',
  'errorCallbackURL',
  'newUserCallbackURL',
  'redirectTo',
  'provider',
  'accountId',
  'userId',
  'idToken',
  'scopes',
  'rememberMe',
  'revokeOtherSessions',
  'disableRedirect',
  'disableRefresh',
  'disableCookieCache',
  'useAccountCookie',
  'state',
  'id',
  '__proto__',
];

const isSafeName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** @param victims users whose credentials are sent */
export function fuzzRequests(victims: readonly Victim[]): fc.Arbitrary<FuzzRequest> {
  const victim = fc.constantFrom(...victims);
  return fc
    .tuple(
      fc.oneof(
        { weight: 10, arbitrary: fc.constant('POST') },
        { weight: 7, arbitrary: fc.constant('GET') },
        { weight: 2, arbitrary: fc.constantFrom(...otherMethods) },
      ),
      target,
      headers(victim),
      bodies(victim),
      fc.nat({ max: 0xffffff }),
      fc.nat({ max: 40 }),
    )
    .map(([method, path, lines, body, ip, broken]) => ({
      // Usually the endpoint's own method: another one is refused immediately.
      method: broken > 15 ? ownMethod(path, method) : method,
      path,
      lines: [
        `${testIpHeader}: 10.${ip >> 16}.${(ip >> 8) & 255}.${ip & 255}`,
        ...lines.map(onWire),
        ...body.lines,
        ...(broken === 0 ? ['Broken header without a colon'] : []),
      ],
      body: body.bytes,
      isBroken: broken === 0,
    }));
}

const answersGet =
  /^\/(?:session|health|ready|metrics|diagnostics)|\/(?:get-session|list-|verify-email|delete-user\/c|account-info|token|jwks|ok)/;

function ownMethod(path: string, method: string): string {
  if (!path.startsWith('/api/auth/') && !answersGet.test(path)) return method;
  return answersGet.test(path) ? 'GET' : 'POST';
}

const otherMethods = ['HEAD', 'OPTIONS', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND', 'QUERY'];

/** @returns the bytes of the request, with `Connection: close` */
export function bytesOf({ method, path, lines, body }: FuzzRequest): Buffer {
  const head = [
    `${method} ${path} HTTP/1.1`,
    'Host: localhost:3001',
    'Connection: close',
    ...lines,
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'), body]);
}

/** The line as bytes, without control characters, which would only test Node's parser. */
function onWire(line: string): string {
  // eslint-disable-next-line no-control-regex -- they are taken out
  const plain = line.replace(/[\u0000-\u0008\u000a-\u001f\u007f]/g, '');
  return Buffer.from(plain.slice(0, 3_500)).toString('latin1');
}

const authPath = fc.constantFrom(...endpoints).map((endpoint) => `/api/auth/${endpoint}`);
const query = fc
  .array(fc.tuple(fc.constantFrom(...fields), fc.oneof(text, url, secret)), { maxLength: 4 })
  .map((pairs) => (pairs.length === 0 ? '' : `?${new URLSearchParams(pairs).toString()}`));
const target = fc
  .tuple(
    fc.oneof(
      { weight: 16, arbitrary: authPath },
      { weight: 4, arbitrary: fc.constantFrom('/session', '/health', '/ready', '/diagnostics') },
      { weight: 1, arbitrary: fc.constantFrom('/metrics', '/', '/api/auth', '/api/auth/', '//') },
      { weight: 2, arbitrary: secret.map((text) => `/a/${text.slice(0, 3_000)}`) },
      { weight: 1, arbitrary: secret.map((text) => `/api/auth/reset-password/${text}`) },
      {
        weight: 1,
        arbitrary: hostile.map((text) => `/${encodeURI(Buffer.from(text).toString())}`),
      },
      { weight: 1, arbitrary: authPath.map((path) => `http://evil.example:1${path}`) },
      { weight: 1, arbitrary: authPath.map((path) => `${path}/../%2e%2e/..;/`) },
    ),
    query,
  )
  .map(([path, text]) => path + text);

function headers(victim: fc.Arbitrary<Victim>): fc.Arbitrary<string[]> {
  const cookie = fc.oneof(
    victim.map(({ cookie }) => `better-auth.session_token=${cookie}`),
    victim.map(({ cookie }) => `better-auth.session_token=${encodeURIComponent(cookie)}`),
    victim.map(({ cookie }) => `__Secure-better-auth.session_token=${cookie}`),
    victim.map(({ cookie }) => `better-auth.session_token=${decodeURIComponent(cookie)}`),
    victim.map(({ cookie }) => `better-auth.session_token=x; better-auth.session_token=${cookie}`),
    victim.map(({ cookie }) => decodeURIComponent(cookie)),
    text.map((value) => `better-auth.session_token=${value}`),
    text.map((value) => `better-auth.session_data=${value}; better-auth.dont_remember=${value}`),
    hostile.map((name) => `${name.replaceAll(';', '')}.session_token=x`),
    hostile.map((value) => `a=${value}; `.repeat(20)),
    secret.map((value) => `${value}=1`),
  );
  const authorization = fc.oneof(
    victim.map(({ cookie }) => `Bearer ${cookie}`),
    victim.map(({ cookie }) => `bearer ${decodeURIComponent(cookie)}`),
    fc.oneof(text, secret).map((value) => `Bearer ${value}`),
    victim.map(({ email, password }) => `Basic ${btoa(`${email}:${password}`)}`),
    text,
  );
  const origin = fc.oneof(
    { weight: 12, arbitrary: fc.constant('http://localhost:3000') },
    {
      weight: 1,
      arbitrary: fc.constantFrom('null', 'http://localhost:3001', 'https://evil.example'),
    },
    { weight: 1, arbitrary: fc.oneof(text, secret, url) },
  );
  const named = (name: string, value: fc.Arbitrary<string>, weight = 1) => ({
    weight,
    arbitrary: value.map((text) => [`${name}: ${text}`]),
  });
  const other = fc.oneof(
    named('x-request-id', fc.oneof(text, secret), 3),
    named('referer', fc.oneof(url, text, secret)),
    named('user-agent', fc.oneof(text, hostile)),
    named('x-forwarded-for', fc.oneof(text, short)),
    named('x-forwarded-host', fc.oneof(text, url)),
    named('x-forwarded-proto', fc.oneof(short, url)),
    named('forwarded', text),
    named('accept', text),
    named('range', fc.constantFrom('bytes=0-0', 'bytes=-1', 'x')),
    named('if-none-match', fc.constant('*')),
    named('sec-fetch-site', fc.oneof(fc.constantFrom('cross-site', 'same-origin', 'none'), short)),
    named('sec-fetch-mode', fc.constantFrom('navigate', 'cors')),
    named('x-diagnostics-token', fc.oneof(text, secret)),
    named('access-control-request-headers', text),
    named('access-control-request-method', short),
    named('x-auth-service-client-ip', text),
    named('te', fc.constant('trailers')),
    {
      weight: 1,
      arbitrary: fc
        .tuple(hostile, text)
        .map(([name, value]) => (isSafeName.test(name) ? [`${name}: ${value}`] : [])),
    },
  );
  const maybe = (name: string, value: fc.Arbitrary<string>) =>
    fc
      .option(value, { nil: undefined, freq: 3 })
      .map((text) => (text === undefined ? [] : [`${name}: ${text}`]));
  return fc
    .tuple(
      maybe('cookie', cookie),
      fc.oneof(
        { weight: 4, arbitrary: fc.constant([] as string[]) },
        { weight: 1, arbitrary: authorization.map((text) => [`authorization: ${text}`]) },
      ),
      maybe('origin', origin),
      fc.array(other, { maxLength: 3 }),
    )
    .map(([...groups]) => groups.flat(2));
}

interface Body {
  readonly lines: readonly string[];
  readonly bytes: Buffer;
}

function bodies(victim: fc.Arbitrary<Victim>): fc.Arbitrary<Body> {
  const field = fc.tuple(fc.constantFrom(...fields), json);
  const known = victim.map(({ email, password }) => ({
    email,
    password,
    currentPassword: password,
  }));
  const right = fc.tuple(known, fc.array(field, { maxLength: 2 })).map(([fields, more]) => {
    const all = Object.entries(fields).map(([name, value]) => [name, JSON.stringify(value)]);
    const written = [...all, ['name', '"A"'], ...more];
    return `{${written.map(([name, value]) => `"${name}":${value}`).join(',')}}`;
  });
  const odd = fc
    .array(field, { maxLength: 6 })
    .map((pairs) => `{${pairs.map(([name, value]) => `"${name}":${value}`).join(',')}}`);
  const form = fc
    .array(fc.tuple(fc.constantFrom(...fields), text), { maxLength: 6 })
    .map((pairs) => new URLSearchParams(pairs).toString());
  const type = fc.oneof(
    { weight: 12, arbitrary: fc.constant('application/json') },
    {
      weight: 2,
      arbitrary: fc.constantFrom(
        'application/x-www-form-urlencoded',
        'text/plain',
        'multipart/form-data; boundary=b',
        'multipart/form-data, application/json',
        'application/json; charset=utf-16',
        'application/octet-stream',
        'image/png',
        '',
        '/',
      ),
    },
  );
  const typed = (body: fc.Arbitrary<string>, types = type) =>
    fc.tuple(body, types, fc.nat({ max: 150 })).map(([text, type, kind]): Body => {
      const bytes = Buffer.from(text);
      return {
        bytes: framed(bytes, kind),
        lines: [`content-type: ${type}`, ...framing(bytes, kind)],
      };
    });
  return fc.oneof(
    { weight: 2, arbitrary: fc.constant({ bytes: Buffer.alloc(0), lines: ['content-length: 0'] }) },
    { weight: 6, arbitrary: typed(right) },
    { weight: 8, arbitrary: typed(odd) },
    { weight: 2, arbitrary: typed(json) },
    { weight: 2, arbitrary: typed(form, fc.constant('application/x-www-form-urlencoded')) },
    { weight: 1, arbitrary: typed(fc.oneof(hostile, text)) },
    { weight: 1, arbitrary: typed(hostile.map((text) => text.repeat(50).slice(0, 110_000))) },
    {
      weight: 1,
      arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => ({
        bytes: Buffer.from(bytes),
        lines: ['content-type: application/json', `content-length: ${bytes.length}`],
      })),
    },
  );
}

/** The headers for the body's length: usually correct, sometimes chunked, falsely compressed, or far too large. */
function framing(bytes: Buffer, kind: number): string[] {
  if (kind === 0) return ['content-length: 10000000'];
  if (kind === 1) return ['content-length: 10000000', 'expect: 100-continue'];
  if (kind <= 5) return ['transfer-encoding: chunked'];
  const length = `content-length: ${bytes.length}`;
  if (kind === 6) return [length, 'content-encoding: gzip'];
  if (kind === 7) return [length, 'expect: 100-continue'];
  return [length];
}

function framed(bytes: Buffer, kind: number): Buffer {
  if (kind < 2 || kind > 5 || bytes.length === 0) return kind >= 2 && kind <= 5 ? lastChunk : bytes;
  const size = Buffer.from(`${bytes.length.toString(16)}\r\n`);
  return Buffer.concat([size, bytes, Buffer.from('\r\n'), lastChunk]);
}

const lastChunk = Buffer.from('0\r\n\r\n');
