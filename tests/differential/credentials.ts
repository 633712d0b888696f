/** Generated credentials: the tokens of two sessions in cookies and Authorization, valid, tampered, repeated or missing. */
import * as fc from 'fast-check';
import { signToken } from '../../src/session/signed-token.js';
import { tamperings } from './tampered-credentials.js';

/** A header line; a character of its value is a byte. */
export type Line = readonly [name: string, value: string];

/** What a generator needs to know about the deployment. */
export interface Target {
  readonly cookieName: string;
  readonly secret: string;
  readonly trustedOrigin: string;
}

/** A part of a request, once the tokens of the two sessions are known. */
type FromTokens = (first: string, second: string) => string;
type Part = fc.Arbitrary<FromTokens>;
type LinesFromTokens = (...tokens: [first: string, second: string]) => Line[];

/** A token as sent: signed as BetterAuth signs it, or almost. */
function values(secret: string): fc.Arbitrary<(token: string) => string> {
  const sign = (token: string, by = secret) => signToken(token, { version: 1, value: by });
  const encoded = (token: string) => encodeURIComponent(sign(token));
  const base = fc.oneof(
    { weight: 16, arbitrary: fc.constant(encoded) },
    { weight: 3, arbitrary: fc.constant((token: string) => sign(token)) },
    {
      weight: 12,
      arbitrary: fc.constantFrom(
        (token: string) => token,
        (token: string) => encodeURIComponent(encoded(token)),
        (token: string) => sign(token).replaceAll('+', ' '),
        (token: string) => sign(token).replaceAll('+', ' '),
        (token: string) => encodeURIComponent(sign(token, 'another-secret-0123456789-0123456789')),
        (token: string) => encodeURIComponent(sign(token, `${secret}\n`)),
        (token: string) => sign(token, `${secret} `),
        (token: string) => encoded(`${token}x`),
        (token: string) => encoded(`${token}\0`),
        (token: string) => encoded(token.repeat(90)),
        (token: string) => sign(sign(token)),
      ),
    },
  );
  return fc.tuple(base, tamperings).map(
    ([make, tamper]) =>
      (token) =>
        tamper(make(token)),
  );
}

const always = (...texts: string[]): Part => fc.constantFrom(...texts).map((text) => () => text);

/** One `name=value` of a Cookie header for the first session, or for the second. */
function sessionCookie({ cookieName, secret }: Target, of: 'first' | 'second'): Part {
  const bare = cookieName.replace('__Secure-', '');
  const names = fc.oneof(
    { weight: 12, arbitrary: fc.constant(cookieName) },
    {
      weight: 2,
      arbitrary: fc.constantFrom(
        ...[bare, `__Secure-${bare}`, `__Host-${bare}`, '__Secure-app.session_token'],
        ...[` ${cookieName}\t`, cookieName.toUpperCase(), `"${cookieName}"`, `x${cookieName}`],
        ...[`${cookieName}.0`, cookieName.replace('.', '%2E'), `\u00a0${cookieName}`],
      ),
    },
  );
  return fc.tuple(names, values(secret)).map(
    ([name, value]) =>
      (first, second) =>
        `${name}=${value(of === 'first' ? first : second)}`,
  );
}

/** Other cookies: those of other applications, and BetterAuth's own that change what get-session does. */
function otherCookies({ cookieName, secret }: Target): Part {
  const sibling = (name: string) => cookieName.replace('session_token', name);
  const remember = values(secret).map(
    (value) => () => `${sibling('dont_remember')}=${value('true')}`,
  );
  const data = fc.constantFrom('', 'x', 'e30', '"e30"', '%7B%7D', 'a.b.c');
  const names = fc.constantFrom(
    ...['session_data', 'session_data.0', 'session_data.1', 'account_data'].map(sibling),
  );
  return fc.oneof(
    {
      weight: 6,
      arbitrary: always(
        ...['theme=dark', 'a', '=', '=a', '', '""', '$Version=1', '$Path=/', '__proto__=1', 'é=ü'],
        ...['constructor=1', 'toString=2', 'a="b', 'Path=/', cookieName, `${cookieName};`],
      ),
    },
    { weight: 2, arbitrary: remember },
    { weight: 2, arbitrary: fc.tuple(names, data).map((pair) => () => pair.join('=')) },
    {
      weight: 1,
      arbitrary: fc
        .integer({ min: 3_000, max: 22_000 })
        .map((size) => () => `a=${'x'.repeat(size)}`),
    },
  );
}

/** The Cookie header lines: usually one, which contains the first session's cookie. */
function cookieLines(target: Target): fc.Arbitrary<LinesFromTokens> {
  const main = fc.oneof(
    { weight: 12, arbitrary: sessionCookie(target, 'first').map((part) => [part]) },
    { weight: 1, arbitrary: fc.constant<FromTokens[]>([]) },
  );
  const other = fc.oneof(
    { weight: 1, arbitrary: sessionCookie(target, 'second') },
    { weight: 2, arbitrary: otherCookies(target) },
  );
  const few = fc.oneof(
    { weight: 3, arbitrary: fc.constant<FromTokens[]>([]) },
    { weight: 1, arbitrary: fc.array(other, { minLength: 1, maxLength: 2 }) },
  );
  const joint = fc.oneof(
    { weight: 12, arbitrary: fc.constant('; ') },
    { weight: 1, arbitrary: fc.constantFrom(';', ';;', ' ;\t', ', ', ',') },
    { weight: 1, arbitrary: fc.constant(', ') },
    { weight: 1, arbitrary: fc.constant('\n') }, // a header line of its own
  );
  return fc.tuple(few, main, few, joint).map(([before, own, after, between]) => {
    const parts = [...before, ...own, ...after];
    return (first, second) =>
      parts.length === 0
        ? []
        : parts
            .map((part) => part(first, second))
            .join(between)
            .split('\n')
            .map(named('Cookie'));
  });
}

/** Authorization header lines for the first or the second session. */
function authorizationLines({ secret }: Target): fc.Arbitrary<LinesFromTokens> {
  const scheme = fc.oneof(
    { weight: 6, arbitrary: fc.constant('Bearer ') },
    {
      weight: 2,
      arbitrary: fc.constantFrom(
        'bearer ',
        'BEARER ',
        'Bearer  ',
        'Bearer\t',
        'Bearer',
        'Basic ',
        '',
      ),
    },
  );
  const tail = fc.oneof(
    { weight: 6, arbitrary: fc.constant('') },
    { weight: 1, arbitrary: fc.constantFrom(' ', ' x', ', Bearer x', '.x', '.', '\u00a0', '==') },
  );
  const line: Part = fc.tuple(scheme, values(secret), tail, fc.boolean()).map(
    ([word, value, end, isFirst]) =>
      (first, second) =>
        word + value(isFirst ? first : second) + end,
  );
  const lines = fc.oneof(
    { weight: 7, arbitrary: fc.array(line, { minLength: 1, maxLength: 1 }) },
    { weight: 1, arbitrary: fc.array(line, { minLength: 2, maxLength: 2 }) },
  );
  return lines.map(
    (parts) => (first, second) => parts.map((part) => named('Authorization')(part(first, second))),
  );
}

/** The credential: in cookies, in Authorization, or in both. */
export function credentials(target: Target): fc.Arbitrary<LinesFromTokens> {
  const [cookies, authorization] = [cookieLines(target), authorizationLines(target)];
  const both = fc.tuple(cookies, authorization).map(
    (makers): LinesFromTokens =>
      (...tokens) =>
        makers.flatMap((make) => make(...tokens)),
  );
  return fc.oneof(
    { weight: 9, arbitrary: cookies },
    { weight: 5, arbitrary: authorization },
    { weight: 4, arbitrary: both },
  );
}

function named(name: string): (value: string) => Line {
  return (value) => [name, bytes(value)];
}

/** The text as bytes, in UTF-8 if it does not fit Latin 1, without bytes that HTTP clients and servers refuse. */
function bytes(text: string): string {
  const single = /[^\0-\u00ff]/.test(text) ? Buffer.from(text).toString('latin1') : text;
  return single.replace(/[^\t\x20-\x7e\x80-\xff]/g, '');
}
