import { expect, test } from 'vitest';
import { ServiceBusyError } from '../../src/event-loop.js';
import type { CredentialHeaders } from '../../src/session/credential.js';
import type { SecondFactorDue } from '../../src/session/proof.js';
import { isSignedIn, reasonTable, type Reason } from '../../src/session/reasons.js';
import type { EndReason } from '../../src/session/session-end.js';
import { signCookie } from '../support/better-call.js';
import {
  cookieName,
  currentSecret,
  inspect,
  lifetime,
  signed,
  signedBefore,
  signedElsewhere,
  storedSession,
  token,
  type InspectOptions,
} from '../support/inspection.js';

interface Case {
  readonly given: string | CredentialHeaders;
  readonly options?: InspectOptions;
  /** Whether the database is queried: only for a token that verifies. */
  readonly asks?: boolean;
}

const plain = decodeURIComponent(signed);

const withCookie = (value: string): Case => ({ given: `${cookieName}=${value}` });
const finding = (find: InspectOptions['find']): Case => ({
  given: `${cookieName}=${signed}`,
  options: { ...(find && { find }) },
  asks: true,
});
const withBearer = (value: string, bearer = true): Case => ({
  given: { authorization: `Bearer ${value}` },
  options: { bearer },
});

const ending = (findEnding: NonNullable<InspectOptions['findEnding']>): Case => ({
  given: `${cookieName}=${signed}`,
  options: { find: () => Promise.resolve(undefined), findEnding },
  asks: true,
});
const ended = (reason: EndReason) => ending(() => Promise.resolve({ reason, at: new Date() }));

const sessionAtItsLimit = () => {
  const stored = storedSession(-1);
  const createdAt = new Date(stored.session.expiresAt.getTime() - lifetime.absoluteSeconds * 1000);
  return { ...stored, session: { ...stored.session, createdAt } };
};

const pendingSession = (secondFactorDue: SecondFactorDue, inMs?: number) => {
  const stored = storedSession(inMs);
  return { ...stored, session: { ...stored.session, secondFactorDue } };
};

const cases: Record<Reason, Case[]> = {
  valid: [
    { ...withCookie(signed), asks: true },
    { ...withCookie(`"${signed}"`), asks: true },
    { ...withBearer(signed), asks: true },
    { ...withBearer(plain), asks: true },
  ],
  valid_previous_secret: [{ ...withCookie(signedBefore), asks: true }],
  no_credential: [{ given: {} }, { given: '' }, { given: 'theme=dark' }],
  wrong_cookie_name: [
    { given: `better-auth.session_token=${signed}` },
    { given: '__Secure-app.session_token=x' },
  ],
  unsigned_token: [withCookie(token)],
  malformed_cookie: [
    withCookie(''),
    withCookie(signed.slice(0, -4)),
    withCookie(`${signed},a=1`),
    withCookie(`${signed}, `),
    withCookie('a,b, c'),
    withCookie('a, b=c'),
    withCookie(`${token}.${'-'.repeat(43)}=`),
  ],
  double_encoded: [withCookie(encodeURIComponent(signed))],
  plus_became_space: [withCookie(plain.replaceAll('+', ' '))],
  duplicate_cookies: [
    { given: `${cookieName}=${signedElsewhere}; ${cookieName}=${signed}` },
    { given: `${cookieName}=; ${cookieName}=x; ${cookieName}=${signedBefore}` },
  ],
  cookies_joined: [
    { given: `theme=dark, ${cookieName}=${signed}` },
    { given: `theme=dark,${cookieName}=${signed},lang=en` },
    { given: `a=1; theme=dark, ${cookieName}="${plain}"; b=2` },
    { given: `${cookieName}=${signed}, theme=dark` },
    { given: `${cookieName}=${signedElsewhere}, ${cookieName}=${signed}` },
    { given: `theme=dark, better-auth.session_token=${signed}` },
  ],
  bad_signature: [withCookie(signedElsewhere), withCookie(`x${signed}`)],
  session_not_found: [finding(() => Promise.resolve(undefined))],
  session_signed_out: [ended('session_signed_out')],
  session_revoked: [ended('session_revoked')],
  session_replaced: [ended('session_replaced')],
  session_ended_by_password_change: [ended('session_ended_by_password_change')],
  session_ended_by_reset: [ended('session_ended_by_reset')],
  session_ended_by_operator: [ended('session_ended_by_operator')],
  session_idle: [finding(() => Promise.resolve(storedSession(-1))), ended('session_idle')],
  session_absolute: [
    finding(() => Promise.resolve(sessionAtItsLimit())),
    ended('session_absolute'),
  ],
  session_expired: [
    finding(() => Promise.resolve(pendingSession('verify', -1))),
    ended('session_expired'),
  ],
  user_locked: [ended('user_locked')],
  user_deleted: [ended('user_deleted')],
  second_factor_required: [finding(() => Promise.resolve(pendingSession('verify')))],
  second_factor_enrolment_required: [finding(() => Promise.resolve(pendingSession('enrol')))],
  user_not_found: [finding(() => Promise.resolve({ ...storedSession(), user: null }))],
  bearer_not_enabled: [withBearer(plain, false)],
  bearer_malformed: [withBearer(''), withBearer(token), withBearer('a.b.c')],
  bearer_bad_signature: [withBearer(decodeURIComponent(signedElsewhere))],
  database_unavailable: [
    finding(() => Promise.reject(new Error('connection refused'))),
    ending(() => Promise.reject(new Error('connection refused'))),
  ],
  service_busy: [finding(() => Promise.reject(new ServiceBusyError('no time to read')))],
};

test.each(Object.keys(reasonTable) as Reason[])(
  'returns %s, and queries the database only for a token that verifies',
  async (reason) => {
    expect(cases[reason]).not.toHaveLength(0);
    for (const { given, options, asks = false } of cases[reason]) {
      const { verdict, queries } = await inspect(given, options);
      expect(verdict.reason).toBe(reason);
      expect(queries).toEqual(asks ? [token] : []);
      expect(verdict.signedIn).toBe(isSignedIn(reason));
      expect('identity' in verdict).toBe(isSignedIn(reason));
      const { token: ownToken, ...others } = { token: undefined, ...verdict };
      expect(ownToken).toBe(isSignedIn(reason) ? token : undefined);
      expect(JSON.stringify(others)).not.toContain(token);
    }
  },
);

test('the signature of these tests has a + sign, so that its loss is tested', () => {
  expect(plain).toContain('+');
});

test('a session is valid until its last millisecond', async () => {
  const ending = (inMs: number) => ({ find: () => Promise.resolve(storedSession(inMs)) });
  const cookie = `${cookieName}=${signed}`;
  expect((await inspect(cookie, ending(0))).verdict.reason).toBe('valid');
  expect((await inspect(cookie, ending(-1))).verdict.reason).toBe('session_idle');
});

test('the verdict has the version of the secret that signed', async () => {
  const versionOf = async (value: string) =>
    (await inspect(`${cookieName}=${value}`)).verdict.secretVersion;
  expect(await versionOf(signed)).toBe(2);
  expect(await versionOf(signedBefore)).toBe(1);
  expect(await versionOf(signedElsewhere)).toBeUndefined();
});

test('a bearer token overrides the cookie only if it verifies', async () => {
  const reasonOf = async (cookie: string, authorization: string) => {
    const { reason, source } = (await inspect({ cookie, authorization })).verdict;
    return [reason, source];
  };
  const good = `${cookieName}=${signed}`;
  const bad = `${cookieName}=${signedElsewhere}`;
  expect(await reasonOf(bad, `bearer ${plain}`)).toEqual(['valid', 'bearer']);
  expect(await reasonOf(good, 'Bearer x')).toEqual(['valid', 'cookie']);
  expect(await reasonOf(good, 'Basic eDp5')).toEqual(['valid', 'cookie']);
  expect(await reasonOf(bad, 'Bearer x')).toEqual(['bad_signature', 'cookie']);
  expect(await reasonOf('theme=dark', 'Bearer x')).toEqual(['bearer_malformed', 'bearer']);
});

test('a bearer token with an encoded dot, or with a dot in its token, is ignored as in BetterAuth: the cookie counts', async () => {
  const dotted = decodeURIComponent(await signCookie('a.b', currentSecret));
  for (const bearer of [plain.replace('.', '%2E'), dotted]) {
    const authorization = `Bearer ${bearer}`;
    const onlyBearer = await inspect({ authorization });
    expect(onlyBearer.verdict.reason).toBe('bearer_malformed');
    const { verdict } = await inspect({ authorization, cookie: `${cookieName}=${signed}` });
    expect([verdict.reason, verdict.source]).toEqual(['valid', 'cookie']);
  }
});

test('a correctly signed bearer token in another encoding overrides the cookie, as in BetterAuth', async () => {
  const base64url = plain.replaceAll('+', '-').replaceAll('/', '_');
  for (const bearer of [plain.slice(0, -1), `${plain}=`, `${plain}.x`, base64url]) {
    const cookie = `${cookieName}=${signed}`;
    const { verdict, queries } = await inspect({ authorization: `Bearer ${bearer}`, cookie });
    expect([verdict.reason, verdict.source]).toEqual(['bearer_malformed', 'bearer']);
    expect(verdict.hint).toMatch(/^the signature is correct, .* it overrides any cookie; /);
    expect(queries).toEqual([]);
  }
});
