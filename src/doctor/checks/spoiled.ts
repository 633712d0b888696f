/** Sends the cookie spoiled in each way that callers spoil it, and compares the reason with what was done. */
import type { Reason } from '../../session/reasons.js';
import type { Examination } from '../examination.js';
import { fail, ok, warn, type Findings } from '../finding.js';
import type { ProbeUser } from '../probe-user.js';
import { decoded } from '../redact.js';
import { sessionCookieOf, type SetCookie } from '../set-cookie.js';
import { reasonOf } from './session.js';

interface Spoiled {
  readonly what: string;
  readonly headers: Record<string, string>;
  readonly expected: Reason;
}

/** A signature's shape, and nobody's signature. */
const noSignature = `${'A'.repeat(43)}=`;

/** @returns whether the deployment takes bearer tokens */
export async function* examineSpoiled(
  { authUrl, ask }: Examination,
  user: ProbeUser,
  cookie: SetCookie,
): Findings<boolean> {
  const url = `${authUrl}/session`;
  const bearer = await ask(url, { headers: { authorization: 'Bearer nonsense' } });
  const isBearerOn = reasonOf(bearer) !== 'bearer_not_enabled';
  const withPlus = await cookieWithPlus(cookie, user);
  const spoiled = [...spoiledCookies(cookie, withPlus), ...spoiledBearers(cookie, isBearerOn)];
  let isWrong = false;
  let isHeaderMissing = false;
  for (const { what, headers, expected } of spoiled) {
    const answer = await ask(url, { headers });
    const reason = reasonOf(answer);
    isHeaderMissing ||= answer.headers['x-session-reason'] === undefined;
    if (reason === expected && answer.status === (expected === 'valid' ? 200 : 401)) continue;
    isWrong = true;
    yield fail('REASON_UNEXPECTED', {
      seen: `${what}: answered ${answer.status} (${reason}) instead of ${expected}`,
      why: 'Who looks for the cause of a missing session is led astray.',
      fix: 'let the proxy in front pass Cookie and Authorization on unchanged, and deploy the same version everywhere',
    });
  }
  if (isHeaderMissing) {
    yield warn('REASON_HEADER_MISSING', {
      seen: 'the answers of /session have lost the header x-session-reason',
      why: 'get-session tells the reason there alone.',
      fix: 'let the proxy in front pass x-session-reason on',
    });
  }
  if (!isWrong) {
    const note = withPlus === undefined ? ' (no signature held a +, so that one was left out)' : '';
    yield ok('REASONS', `${spoiled.length} spoiled credentials are told by their reasons${note}`);
  }
  return isBearerOn;
}

function spoiledCookies(cookie: SetCookie, withPlus: SetCookie | undefined): Spoiled[] {
  const { name, value } = cookie;
  const { token, signed } = partsOf(cookie);
  const secure = '__Secure-';
  const renamed = name.startsWith(secure) ? name.slice(secure.length) : secure + name;
  const forged = `${name}=${encodeURIComponent(`${token}.${noSignature}`)}`;
  const one = (what: string, header: string, expected: Reason): Spoiled => ({
    what,
    headers: { cookie: header },
    expected,
  });
  return [
    { what: 'no cookie', headers: {}, expected: 'no_credential' },
    one('the cookie under another prefix', `${renamed}=${value}`, 'wrong_cookie_name'),
    one('the raw token', `${name}=${token}`, 'unsigned_token'),
    one(
      'a cookie cut short',
      `${name}=${encodeURIComponent(signed.slice(0, -9))}`,
      'malformed_cookie',
    ),
    one('the cookie encoded twice', `${name}=${encodeURIComponent(value)}`, 'double_encoded'),
    one('a forged signature', forged, 'bad_signature'),
    one('the cookie joined to another by a comma', `a=1, ${name}=${value}`, 'cookies_joined'),
    one('a forged cookie before the good one', `${forged}; ${name}=${value}`, 'duplicate_cookies'),
    ...(withPlus === undefined
      ? []
      : [
          one(
            'the cookie form-decoded',
            `${name}=${encodeURIComponent(partsOf(withPlus).signed.replaceAll('+', ' '))}`,
            'plus_became_space',
          ),
        ]),
  ];
}

function spoiledBearers(cookie: SetCookie, isOn: boolean): Spoiled[] {
  const { token } = partsOf(cookie);
  const one = (what: string, bearer: string, expected: Reason): Spoiled => ({
    what,
    headers: { authorization: `Bearer ${bearer}` },
    expected: isOn ? expected : 'bearer_not_enabled',
  });
  return [
    one('the signed token as bearer', cookie.value, 'valid'),
    one('the raw token as bearer', token, 'bearer_malformed'),
    one('a forged bearer token', `${token}.${noSignature}`, 'bearer_bad_signature'),
  ];
}

function partsOf({ value }: SetCookie): { token: string; signed: string } {
  const signed = decoded(value);
  return { token: signed.slice(0, signed.lastIndexOf('.')), signed };
}

/** Every second signature holds a `+`; as many sign-ins as the limit allows find one more often. */
async function cookieWithPlus(cookie: SetCookie, user: ProbeUser): Promise<SetCookie | undefined> {
  let found: SetCookie | undefined = cookie;
  for (let tries = 0; tries < 2; tries += 1) {
    if (found !== undefined && partsOf(found).signed.includes('+')) return found;
    found = sessionCookieOf((await user.signIn()).setCookies);
  }
  return found !== undefined && partsOf(found).signed.includes('+') ? found : undefined;
}
