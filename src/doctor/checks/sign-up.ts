/** Signs the throw-away user up, looks at the cookie that came, and in the end deletes the user. */
import type { Examination } from '../examination.js';
import { fail, ok, unknown, warn, type Findings } from '../finding.js';
import { patienceSeconds, type ProbeUser } from '../probe-user.js';
import { sessionCookieOf, type SetCookie } from '../set-cookie.js';
import { codeOf, foreignAnswer } from './answers.js';
import { judgeSetCookie } from './set-cookie.js';

const tooLong = `for longer than the ${patienceSeconds} s that this command waits`;

/** @returns the session cookie, where one came */
export async function* examineSignUp(
  { authUrl, origins }: Examination,
  user: ProbeUser,
): Findings<SetCookie | undefined> {
  const answer = await user.signUp();
  const { status, json, setCookies } = answer;
  const foreign = foreignAnswer(`${authUrl}/api/auth/sign-up/email`, answer);
  if (foreign !== undefined) {
    yield foreign;
    return undefined;
  }
  if (status !== 200) {
    const seen = `sign-up answers ${status} (${codeOf(answer)})`;
    const fix = "the service's log names the cause";
    if (status === 429) yield unknown('SIGN_UP_LIMITED', { seen: `${seen}, ${tooLong}`, fix });
    else yield fail('SIGN_UP_FAILED', { seen, why: 'Nobody new can sign up.', fix });
    return undefined;
  }
  const cookie = sessionCookieOf(setCookies);
  if (cookie === undefined) {
    yield json?.token === null
      ? warn('SIGN_UP_WITHOUT_SESSION', {
          seen: 'sign-up makes no session, because the address must be verified first',
          why: 'It looks like a lost session to who does not know it, and the cookie cannot be examined.',
          fix: 'tell visitors to look into their mail',
        })
      : fail('SET_COOKIE_MISSING', {
          seen: 'sign-up answers 200 and sets no session cookie',
          why: 'Sign-in succeeds, and the next call says that nobody is signed in.',
          fix: 'let the proxy in front pass Set-Cookie on, and no cache answer for the service',
        });
    return undefined;
  }
  yield* judgeSetCookie(cookie, authUrl, origins);
  return cookie.value === '' ? undefined : cookie;
}

export async function* removeProbeUser(user: ProbeUser): Findings {
  const outcome = await user.remove().catch(() => 'remains');
  if (outcome === 'deleted') yield ok('PROBE_USER_DELETED', 'the throw-away user is deleted');
  if (outcome !== 'remains' && outcome !== 'limited') return;
  const cause = outcome === 'limited' ? `: it is answered 429, ${tooLong}` : '';
  yield fail('PROBE_USER_REMAINS', {
    seen: `the throw-away user ${user.email} could not be deleted${cause}`,
    why: 'Nobody can sign in as it, but it stands in your table of users.',
    fix: `delete from "user" where email = '${user.email}'`,
  });
}
