/** Whether the cookie signs in, whether every spoiled one is told by its reason, and whether sign-out ends it. */
import { isSignedIn, reasonTable, type Reason } from '../../session/reasons.js';
import type { Examination } from '../examination.js';
import { fail, ok, warn, type Findings } from '../finding.js';
import { quoted } from '../foreign-text.js';
import type { Answer } from '../http-client.js';
import type { ProbeUser } from '../probe-user.js';
import { isSame, readSetCookie, type SetCookie } from '../set-cookie.js';
import { codeOf, foreignAnswer } from './answers.js';

/** The reason that an answer tells, in its header or, where a proxy took that away, in its body. */
export function reasonOf({ headers, json }: Answer): string {
  const [told = json?.reason] = [headers['x-session-reason']].flat();
  return typeof told === 'string' && told !== '' ? quoted(told) : 'no reason';
}

/** @returns whether the cookie signs in */
export async function* examineSession(
  { authUrl, ask }: Examination,
  cookie: SetCookie,
): Findings<boolean> {
  const headers = { cookie: `${cookie.name}=${cookie.value}` };
  // Several instances may answer in turn, each with a configuration of its own.
  const paths = ['/api/auth/get-session', '/session', '/session', '/session', '/session'];
  for (const path of paths) {
    const answer = await ask(authUrl + path, { headers });
    const foreign = foreignAnswer(authUrl + path, answer);
    if (foreign !== undefined) {
      yield foreign;
      return false;
    }
    if (answer.status === 200 && answer.json?.user !== undefined) continue;
    const reason = reasonOf(answer);
    yield fail('COOKIE_NOT_ACCEPTED', {
      seen: `${path} answers ${answer.status} (${reason}) to the cookie that sign-up set`,
      why: 'Sign-in succeeds, and the next call says that nobody is signed in.',
      fix: causeOf(reason),
    });
    return false;
  }
  yield ok('SESSION', 'get-session and /session know the user by the cookie');
  return true;
}

function causeOf(reason: string): string {
  if (reason === 'no_credential') return 'let the proxy in front pass the Cookie header on';
  if (reason === 'bad_signature') {
    return 'instances of this deployment have different secrets: give all the same BETTER_AUTH_SECRET, and deploy';
  }
  if (reason === 'session_not_found') {
    return 'instances of this deployment read different databases: give all the same DATABASE_URL';
  }
  return isReason(reason) ? reasonTable[reason].fix : "the service's log names the cause";
}

function isReason(text: string): text is Reason {
  return Object.hasOwn(reasonTable, text);
}

export interface JsonWebTokens {
  readonly areOn: boolean;
  /** One that was issued to the throw-away user. */
  readonly token?: string;
}

/** JSON Web Tokens are off (404), or one is given; a key that cannot be decrypted is a changed secret. */
export async function* examineTokens(
  { authUrl, ask, keepSecret }: Examination,
  cookie: SetCookie,
): Findings<JsonWebTokens> {
  const { status, json } = await ask(`${authUrl}/api/auth/token`, {
    headers: { cookie: `${cookie.name}=${cookie.value}` },
  });
  if (status === 404) return { areOn: false };
  if (typeof json?.token === 'string') {
    keepSecret(json.token);
    yield ok('JWT', 'a JSON Web Token is issued');
    return { areOn: true, token: json.token };
  }
  if (status >= 500) {
    yield fail('JWT_KEY_UNREADABLE', {
      seen: `/api/auth/token answers ${status} to a signed-in user`,
      why: 'APIs that verify JSON Web Tokens get none, so everybody is signed out there.',
      fix: 'the signing key was encrypted with another secret: put that one back behind the present one in BETTER_AUTH_SECRETS, or delete the rows of the table jwks',
    });
  } else {
    yield warn('JWT_NOT_ISSUED', {
      seen: `/api/auth/token answers ${status} to a signed-in user`,
      why: 'APIs that verify JSON Web Tokens get none.',
      fix: "the service's log names the cause",
    });
  }
  return { areOn: true };
}

export async function* examineSignOut(
  { authUrl, ask }: Examination,
  user: ProbeUser,
  cookie: SetCookie,
): Findings {
  const answer = await user.signOut(cookie);
  if (answer.status !== 200) {
    yield fail('SIGN_OUT_FAILED', {
      seen: `sign-out answers ${answer.status} (${codeOf(answer)})`,
      why: 'Nobody can sign out.',
      fix: "the service's log names the cause",
    });
    return;
  }
  const about = answer.setCookies.map(readSetCookie).filter((each) => isSame(each, cookie));
  if (about.at(-1)?.isExpired !== true) {
    yield fail('COOKIE_NOT_CLEARED', {
      seen: 'sign-out does not take back the cookie that sign-in set',
      why: 'The browser keeps a dead cookie, and may keep it beside the next one.',
      fix: 'let no proxy rewrite Set-Cookie: Path, Domain and Partitioned must be those of sign-in',
    });
  }
  const after = await ask(`${authUrl}/session`, {
    headers: { cookie: `${cookie.name}=${cookie.value}` },
  });
  const reason = reasonOf(after);
  if (after.status === 401 && reason === 'session_not_found') {
    yield ok('SIGN_OUT', 'the old cookie is dead after sign-out');
    return;
  }
  yield fail('SIGN_OUT_WITHOUT_EFFECT', {
    seen: `after sign-out the old cookie is answered ${after.status} (${reason})`,
    why:
      isReason(reason) && isSignedIn(reason)
        ? 'Whoever copied the cookie stays signed in.'
        : 'Nobody can tell from it that the user signed out.',
    fix: 'let no cache answer for the service, and give all instances the same DATABASE_URL',
  });
}
