/** Sends the cookie altered in each way that callers alter it, and compares the reported reason with the alteration. */
import type { DoctorContext } from '../doctor-context.js';
import { fail, ok, warn, type FindingStream } from '../finding.js';
import type { ProbeUser } from '../probe-user.js';
import { percentDecode } from '../redact.js';
import type { Reason } from '../service.js';
import { sessionCookieOf, type SetCookie } from '../set-cookie.js';
import { reasonOf } from './session-reason.js';

interface TamperedCredential {
  readonly description: string;
  readonly headers: Record<string, string>;
  readonly expected: Reason;
}

/** Has the length of a signature, and is not valid for any secret. */
const forgedSignature = `${'A'.repeat(43)}=`;

/** @returns whether the deployment accepts bearer tokens */
export async function* checkTamperedCredentials(
  { authUrl, request }: DoctorContext,
  user: ProbeUser,
  cookie: SetCookie,
): FindingStream<boolean> {
  const url = `${authUrl}/session`;
  const bearer = await request(url, { headers: { authorization: 'Bearer nonsense' } });
  const isBearerEnabled = reasonOf(bearer) !== 'bearer_not_enabled';
  const withPlus = await findCookieWithPlus(cookie, user);
  const tampered = [
    ...tamperedCookies(cookie, withPlus),
    ...tamperedBearerTokens(cookie, isBearerEnabled),
  ];
  let hasFault = false;
  let isHeaderMissing = false;
  for (const { description, headers, expected } of tampered) {
    const response = await request(url, { headers });
    const reason = reasonOf(response);
    isHeaderMissing ||= response.headers['x-session-reason'] === undefined;
    if (reason === expected && response.status === (expected === 'valid' ? 200 : 401)) continue;
    hasFault = true;
    yield fail('REASON_UNEXPECTED', {
      message: `${description}: /session responded ${response.status} (${reason}), expected ${expected}`,
      impact: 'The reported reason misleads anyone who debugs a missing session.',
      fix: 'configure the reverse proxy to forward Cookie and Authorization unchanged, and deploy the same version everywhere',
    });
  }
  if (isHeaderMissing) {
    yield warn('REASON_HEADER_MISSING', {
      message: 'responses of /session lack the x-session-reason header',
      impact: 'get-session reports the reason only in this header.',
      fix: 'configure the reverse proxy to forward x-session-reason',
    });
  }
  if (!hasFault) {
    const note =
      withPlus === undefined ? ' (no signature contained a +, so form-decoding was skipped)' : '';
    yield ok('REASONS', `${tampered.length} altered credentials get the expected reasons${note}`);
  }
  return isBearerEnabled;
}

function tamperedCookies(cookie: SetCookie, withPlus: SetCookie | undefined): TamperedCredential[] {
  const { name, value } = cookie;
  const { token, signed } = signedValueOf(cookie);
  const prefix = '__Secure-';
  const renamed = name.startsWith(prefix) ? name.slice(prefix.length) : prefix + name;
  const forged = `${name}=${encodeURIComponent(`${token}.${forgedSignature}`)}`;
  const truncated = encodeURIComponent(signed.slice(0, -9));
  const cases: [description: string, cookie: string, expected: Reason][] = [
    ['the cookie under another prefix', `${renamed}=${value}`, 'wrong_cookie_name'],
    ['the unsigned token', `${name}=${token}`, 'unsigned_token'],
    ['a truncated cookie', `${name}=${truncated}`, 'malformed_cookie'],
    ['the cookie encoded twice', `${name}=${encodeURIComponent(value)}`, 'double_encoded'],
    ['a forged signature', forged, 'bad_signature'],
    ['the cookie joined to another by a comma', `a=1, ${name}=${value}`, 'cookies_joined'],
    ['a forged cookie before the valid one', `${forged}; ${name}=${value}`, 'duplicate_cookies'],
  ];
  if (withPlus !== undefined) {
    const decoded = signedValueOf(withPlus).signed.replaceAll('+', ' ');
    cases.push([
      'the cookie form-decoded',
      `${name}=${encodeURIComponent(decoded)}`,
      'plus_became_space',
    ]);
  }
  return [
    { description: 'no cookie', headers: {}, expected: 'no_credential' },
    ...cases.map(([description, header, expected]) => ({
      description,
      headers: { cookie: header },
      expected,
    })),
  ];
}

function tamperedBearerTokens(cookie: SetCookie, isEnabled: boolean): TamperedCredential[] {
  const { token } = signedValueOf(cookie);
  const cases: [description: string, token: string, expected: Reason][] = [
    ['the signed token as bearer token', cookie.value, 'valid'],
    ['the unsigned token as bearer token', token, 'bearer_malformed'],
    ['a forged bearer token', `${token}.${forgedSignature}`, 'bearer_bad_signature'],
  ];
  return cases.map(([description, bearer, expected]) => ({
    description,
    headers: { authorization: `Bearer ${bearer}` },
    expected: isEnabled ? expected : 'bearer_not_enabled',
  }));
}

function signedValueOf({ value }: SetCookie): { token: string; signed: string } {
  const signed = percentDecode(value);
  return { token: signed.slice(0, signed.lastIndexOf('.')), signed };
}

/** About every second signature contains a `+`; two more sign-ins, which the rate limit allows, find one more often. */
async function findCookieWithPlus(
  cookie: SetCookie,
  user: ProbeUser,
): Promise<SetCookie | undefined> {
  const hasPlus = (each: SetCookie | undefined) =>
    each !== undefined && signedValueOf(each).signed.includes('+');
  let found: SetCookie | undefined = cookie;
  for (let tries = 0; tries < 2 && !hasPlus(found); tries += 1) {
    found = sessionCookieOf((await user.signIn()).setCookies);
  }
  return hasPlus(found) ? found : undefined;
}
