/** Signs up the temporary user, checks the cookie that it gets, and deletes the user at the end. */
import type { DoctorContext } from '../doctor-context.js';
import { fail, ok, unknown, warn, type FindingStream } from '../finding.js';
import { maximumWaitSeconds, type ProbeUser } from '../probe-user.js';
import { sessionCookieOf, type SetCookie } from '../set-cookie.js';
import { seeServiceLog } from './session-reason.js';
import { checkSetCookie } from './set-cookie.js';
import { errorCodeOf, unexpectedResponse } from './unexpected-response.js';

const limitOutlastsWait = `for longer than the ${maximumWaitSeconds} s that this command waits`;

/** @returns the session cookie, where one was set */
export async function* checkSignUp(
  { authUrl, origins }: DoctorContext,
  user: ProbeUser,
): FindingStream<SetCookie | undefined> {
  const response = await user.signUp();
  const { status, json, setCookies } = response;
  const unexpected = unexpectedResponse(`${authUrl}/api/auth/sign-up/email`, response);
  if (unexpected !== undefined) {
    yield unexpected;
    return undefined;
  }
  if (status !== 200) {
    const message = `sign-up responds ${status} (${errorCodeOf(response)})`;
    if (errorCodeOf(response) === 'INVALID_PROFILE') {
      yield unknown('SIGN_UP_SKIPPED', {
        message: `${message}: this deployment requires profile fields, which the temporary user has not`,
        fix: 'run without --probe-user, or make the fields of the profile schema optional',
      });
      return undefined;
    }
    yield status === 429
      ? unknown('SIGN_UP_LIMITED', {
          message: `${message} ${limitOutlastsWait}`,
          fix: seeServiceLog,
        })
      : fail('SIGN_UP_FAILED', { message, impact: 'No user can sign up.', fix: seeServiceLog });
    return undefined;
  }
  const cookie = sessionCookieOf(setCookies);
  if (cookie === undefined) {
    yield json?.token === null
      ? warn('SIGN_UP_WITHOUT_SESSION', {
          message: 'sign-up creates no session until the address is verified',
          impact: 'Users may take it for a lost session, and the cookie cannot be checked.',
          fix: 'ask visitors to check their mail',
        })
      : fail('SET_COOKIE_MISSING', {
          message: 'sign-up responds 200 and sets no session cookie',
          impact: 'Sign-in succeeds, and on the next request the user is signed out.',
          fix: "configure the reverse proxy to forward Set-Cookie, and do not cache the service's responses",
        });
    return undefined;
  }
  yield* checkSetCookie(cookie, authUrl, origins);
  return cookie.value === '' ? undefined : cookie;
}

export async function* removeProbeUser(user: ProbeUser): FindingStream {
  const outcome = await user.remove().catch(() => 'remains');
  if (outcome === 'deleted') yield ok('PROBE_USER_DELETED', 'the temporary user was deleted');
  if (outcome === 'scheduled') {
    const text = 'the temporary user is locked and will be deleted after DELETE_GRACE_DAYS';
    yield ok('PROBE_USER_DELETED', text);
  }
  if (outcome !== 'remains' && outcome !== 'limited') return;
  const cause = outcome === 'limited' ? `: the service responds 429 ${limitOutlastsWait}` : '';
  yield fail('PROBE_USER_REMAINS', {
    message: `the temporary user ${user.email} could not be deleted${cause}`,
    impact: 'Nobody can sign in as this user, but it remains in your user table.',
    fix: `delete from "user" where email = '${user.email}'`,
  });
}
