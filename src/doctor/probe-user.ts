/** A throw-away user: signed up, in and out over HTTP as a page does it, and deleted again. */
import { randomBytes } from 'node:crypto';
import type { Examination } from './examination.js';
import type { Answer, AskOptions } from './http-client.js';
import { sessionCookieOf, type SetCookie } from './set-cookie.js';

export interface ProbeUser {
  /** Cannot receive mail: `.invalid` is nobody's (RFC 2606). */
  readonly email: string;
  signUp(): Promise<Answer>;
  signIn(): Promise<Answer>;
  signOut(cookie: SetCookie): Promise<Answer>;
  /** Signs in anew for it. */
  remove(): Promise<'deleted' | 'never there' | 'limited' | 'remains'>;
}

/** How often a limited request is made again. */
const patience = 3;

/**
 * How long limits are waited for while the user is examined, and as long again to delete it. Nobody can interrupt
 * these waits, so it is not for the server to say how long they are.
 */
export const patienceSeconds = 30;

/** @param origin of a page that may sign users in */
export function createProbeUser(
  { authUrl, ask, wait, keepSecret }: Examination,
  origin: string,
): ProbeUser {
  const email = `doctor-${randomBytes(5).toString('hex')}@auth-service.invalid`;
  const password = randomBytes(18).toString('base64url');
  keepSecret(password);
  let isSignedUp = false;
  let isRefused = false;
  let secondsLeft = patienceSeconds;

  async function post(path: string, options: AskOptions): Promise<Answer> {
    for (let tries = 1; ; tries += 1) {
      const answer = await ask(`${authUrl}/api/auth/${path}`, {
        ...options,
        headers: { origin, ...options.headers },
        // Aborted half-way, nobody would know whether there is a user to delete.
        uninterrupted: true,
      });
      for (const { value } of [sessionCookieOf(answer.setCookies)].filter(isThere)) {
        keepSecret(value);
      }
      if (typeof answer.json?.token === 'string') keepSecret(answer.json.token);
      if (answer.status !== 429 || tries > patience || secondsLeft === 0) return answer;
      const said = Number(answer.headers['retry-after']);
      const seconds = Math.min(Number.isInteger(said) && said > 0 ? said : 10, secondsLeft);
      secondsLeft -= seconds;
      await wait(seconds, `${path} is limited, as it should be`, { uninterrupted: true });
    }
  }

  const signIn = () => post('sign-in/email', { body: { email, password } });
  const withCookie = ({ name, value }: SetCookie) => ({ headers: { cookie: `${name}=${value}` } });

  return {
    email,
    async signUp() {
      const answer = await post('sign-up/email', { body: { name: 'Doctor', email, password } });
      isSignedUp = answer.status === 200;
      isRefused = answer.status === 429;
      return answer;
    },
    signIn,
    signOut: (cookie) => post('sign-out', { body: {}, ...withCookie(cookie) }),
    async remove() {
      if (isRefused) return 'never there';
      secondsLeft = patienceSeconds;
      const signedIn = await signIn();
      if (signedIn.status === 429) return 'limited';
      // An instance that reads another database knows nothing of it.
      if (signedIn.json?.code === 'INVALID_EMAIL_OR_PASSWORD') {
        return isSignedUp ? 'remains' : 'never there';
      }
      const cookie = sessionCookieOf(signedIn.setCookies);
      if (cookie === undefined) return 'remains';
      const removed = await post('delete-user', { body: { password }, ...withCookie(cookie) });
      if (removed.status === 200) return 'deleted';
      return removed.status === 429 ? 'limited' : 'remains';
    },
  };
}

function isThere<T>(value: T | undefined): value is T {
  return value !== undefined;
}
