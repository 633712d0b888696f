/** Whether the cookie signs the user in, whether tokens are issued, and whether sign-out ends the session. */
import type { DoctorContext } from '../doctor-context.js';
import { fail, ok, warn, type FindingStream } from '../finding.js';
import type { ProbeUser } from '../probe-user.js';
import { isSignedIn, reasonTable } from '../service.js';
import { isSameCookie, readSetCookie, type SetCookie } from '../set-cookie.js';
import { isReason, reasonOf, seeServiceLog } from './session-reason.js';
import { errorCodeOf, unexpectedResponse } from './unexpected-response.js';

/** @returns whether the cookie signs the user in */
export async function* checkSession(
  { authUrl, request }: DoctorContext,
  cookie: SetCookie,
): FindingStream<boolean> {
  const headers = { cookie: `${cookie.name}=${cookie.value}` };
  // Repeated, because several instances with different configurations may take turns.
  const paths = ['/api/auth/get-session', '/session', '/session', '/session', '/session'];
  for (const path of paths) {
    const response = await request(authUrl + path, { headers });
    const unexpected = unexpectedResponse(authUrl + path, response);
    if (unexpected !== undefined) {
      yield unexpected;
      return false;
    }
    if (response.status === 200 && response.json?.user !== undefined) continue;
    const reason = reasonOf(response);
    yield fail('COOKIE_NOT_ACCEPTED', {
      message: `${path} responds ${response.status} (${reason}) to the cookie that sign-up set`,
      impact: 'Sign-in succeeds, and on the next request the user is signed out.',
      fix: refusalFix(reason),
    });
    return false;
  }
  yield ok('SESSION', 'get-session and /session accept the cookie');
  return true;
}

function refusalFix(reason: string): string {
  if (reason === 'no_credential') return 'configure the reverse proxy to forward the Cookie header';
  if (reason === 'bad_signature') {
    return 'instances of this deployment have different secrets: set the same BETTER_AUTH_SECRET on all and redeploy';
  }
  if (reason === 'session_not_found') {
    return 'instances of this deployment use different databases: set the same DATABASE_URL on all';
  }
  return isReason(reason) ? reasonTable[reason].fix : seeServiceLog;
}

export interface JsonWebTokens {
  readonly isEnabled: boolean;
  /** One that was issued to the temporary user. */
  readonly token?: string;
}

/** JSON Web Tokens are off (404) or are issued. A signing key that cannot be decrypted means that the secret changed. */
export async function* checkTokens(
  { authUrl, request, registerSecret }: DoctorContext,
  cookie: SetCookie,
): FindingStream<JsonWebTokens> {
  const { status, json } = await request(`${authUrl}/api/auth/token`, {
    headers: { cookie: `${cookie.name}=${cookie.value}` },
  });
  if (status === 404) return { isEnabled: false };
  if (typeof json?.token === 'string') {
    registerSecret(json.token);
    yield ok('JWT', 'a JSON Web Token is issued');
    return { isEnabled: true, token: json.token };
  }
  if (status >= 500) {
    yield fail('JWT_KEY_UNREADABLE', {
      message: `/api/auth/token responds ${status} to a signed-in user`,
      impact: 'APIs that verify JSON Web Tokens get none, so every user is signed out there.',
      fix: 'the signing key was encrypted with another secret: add that secret after the current one in BETTER_AUTH_SECRETS, or delete the rows of the table jwks',
    });
  } else {
    yield warn('JWT_NOT_ISSUED', {
      message: `/api/auth/token responds ${status} to a signed-in user`,
      impact: 'APIs that verify JSON Web Tokens get none.',
      fix: seeServiceLog,
    });
  }
  return { isEnabled: true };
}

/** The second one is what older versions of the service respond. */
const signedOutReasons: readonly string[] = ['session_signed_out', 'session_not_found'];

/** Signs the user out and checks that both the cookie and the session are gone. */
export async function* checkSignOut(
  { authUrl, request }: DoctorContext,
  user: ProbeUser,
  cookie: SetCookie,
): FindingStream {
  const response = await user.signOut(cookie);
  if (response.status !== 200) {
    yield fail('SIGN_OUT_FAILED', {
      message: `sign-out responds ${response.status} (${errorCodeOf(response)})`,
      impact: 'No user can sign out.',
      fix: seeServiceLog,
    });
    return;
  }
  const cleared = response.setCookies
    .map(readSetCookie)
    .findLast((each) => isSameCookie(each, cookie));
  if (cleared?.isExpired !== true) {
    yield fail('COOKIE_NOT_CLEARED', {
      message: 'sign-out does not clear the cookie that sign-in set',
      impact: 'The browser keeps an invalid cookie, and may send it along with the next one.',
      fix: 'do not rewrite Set-Cookie in a proxy: Path, Domain and Partitioned must match those of sign-in',
    });
  }
  const after = await request(`${authUrl}/session`, {
    headers: { cookie: `${cookie.name}=${cookie.value}` },
  });
  const reason = reasonOf(after);
  if (after.status === 401 && signedOutReasons.includes(reason)) {
    yield ok('SIGN_OUT', 'the old cookie is invalid after sign-out');
    return;
  }
  yield fail('SIGN_OUT_WITHOUT_EFFECT', {
    message: `after sign-out, /session responds ${after.status} (${reason}) to the old cookie`,
    impact:
      isReason(reason) && isSignedIn(reason)
        ? 'An attacker with a copy of the cookie stays signed in.'
        : 'The response does not show that the user signed out.',
    fix: "do not cache the service's responses, and set the same DATABASE_URL on all instances",
  });
}
