/** A temporary user that signs up, in and out over HTTP as a page does, and is deleted afterwards. */
import { randomBytes } from 'node:crypto';
import type { DoctorContext } from './doctor-context.js';
import type { HttpResponse, RequestOptions } from './http-client.js';
import { sessionCookieOf, type SetCookie } from './set-cookie.js';

export interface ProbeUser {
  /** Cannot receive mail: `.invalid` is reserved (RFC 2606). */
  readonly email: string;
  signUp(): Promise<HttpResponse>;
  signIn(): Promise<HttpResponse>;
  signOut(cookie: SetCookie): Promise<HttpResponse>;
  /** Signs in again and deletes the user; `scheduled` if the service keeps it for some days first. */
  remove(): Promise<'deleted' | 'scheduled' | 'never created' | 'limited' | 'remains'>;
}

/** How often a rate-limited request is repeated. */
const maximumRetries = 3;

/**
 * The total wait for rate limits during the checks, and again for the deletion. These waits cannot be interrupted, so
 * the server must not determine how long they take.
 */
export const maximumWaitSeconds = 30;

/** Where a 429 has no valid Retry-After. */
const defaultRetrySeconds = 10;

/** @param origin of a page that may sign users in */
export function createProbeUser(
  { authUrl, request, wait, registerSecret }: DoctorContext,
  origin: string,
): ProbeUser {
  const email = `doctor-${randomBytes(5).toString('hex')}@auth-service.invalid`;
  const password = randomBytes(18).toString('base64url');
  registerSecret(password);
  let isSignedUp = false;
  let isSignUpLimited = false;
  let secondsLeft = maximumWaitSeconds;

  async function post(path: string, options: RequestOptions): Promise<HttpResponse> {
    for (let tries = 1; ; tries += 1) {
      const response = await request(`${authUrl}/api/auth/${path}`, {
        ...options,
        headers: { origin, ...options.headers },
        // After an aborted request it would be unknown whether there is a user to delete.
        uninterrupted: true,
      });
      const { status, headers, json, setCookies } = response;
      const cookie = sessionCookieOf(setCookies);
      if (cookie !== undefined) registerSecret(cookie.value);
      if (typeof json?.token === 'string') registerSecret(json.token);
      if (status !== 429 || tries > maximumRetries || secondsLeft === 0) return response;
      const retryAfter = Number(headers['retry-after']);
      const seconds = Math.min(
        Number.isInteger(retryAfter) && retryAfter > 0 ? retryAfter : defaultRetrySeconds,
        secondsLeft,
      );
      secondsLeft -= seconds;
      await wait(seconds, `${path} is rate-limited, as expected`, { uninterrupted: true });
    }
  }

  const signIn = () => post('sign-in/email', { body: { email, password } });
  const withCookie = ({ name, value }: SetCookie) => ({ headers: { cookie: `${name}=${value}` } });

  return {
    email,
    async signUp() {
      const response = await post('sign-up/email', { body: { name: 'Doctor', email, password } });
      isSignedUp = response.status === 200;
      isSignUpLimited = response.status === 429;
      return response;
    },
    signIn,
    signOut: (cookie) => post('sign-out', { body: {}, ...withCookie(cookie) }),
    async remove() {
      if (isSignUpLimited) return 'never created';
      secondsLeft = maximumWaitSeconds;
      const signedIn = await signIn();
      if (signedIn.status === 429) return 'limited';
      // An instance with another database does not know the user.
      if (signedIn.json?.code === 'INVALID_EMAIL_OR_PASSWORD') {
        return isSignedUp ? 'remains' : 'never created';
      }
      const cookie = sessionCookieOf(signedIn.setCookies);
      if (cookie === undefined) return 'remains';
      const removed = await post('delete-user', { body: { password }, ...withCookie(cookie) });
      if (removed.status === 200)
        return removed.json?.message === 'Deletion scheduled' ? 'scheduled' : 'deleted';
      return removed.status === 429 ? 'limited' : 'remains';
    },
  };
}
