/** Users whose credentials the fuzzer sends, and the secrets that it plants: none may appear in a log or elsewhere. */
import { randomBytes } from 'node:crypto';
import { Visitor } from '../support/visitor.js';

/** Part of every planted secret: it must never appear in the log, in any case. */
export const mark = 'PlAnTeD';

export interface Victim {
  readonly email: string;
  readonly password: string;
  /** The session cookie's value, percent-encoded. */
  readonly cookie: string;
}

/** Signs a user up whose secrets all contain the mark, except the token, which the service generates. */
export async function createVictim(url: string): Promise<Victim> {
  const visitor = new Visitor({ url });
  const id = randomBytes(6).toString('hex');
  const email = `${mark}-${id}@example.org`.toLowerCase();
  const password = `${mark} password ${id}`;
  const answer = await visitor.ask('/api/auth/sign-up/email', {
    body: { name: 'V', email, password },
  });
  if (answer.status !== 200) throw new Error(`the sign-up failed: ${answer.status} ${answer.text}`);
  return { email, password, cookie: visitor.sessionCookie };
}

/** Whether the session is still valid: a request of the fuzzer may have ended it or deleted the account. */
export async function isAlive(url: string, { cookie }: Victim): Promise<boolean> {
  const headers = { cookie: `better-auth.session_token=${cookie}` };
  return (await fetch(`${url}/session`, { headers })).ok;
}

/** The token that the service generated, which no log may contain. */
export function tokenOf({ cookie }: Victim): string {
  return cookie.split('.')[0] ?? '';
}
