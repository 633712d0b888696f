/** People with accounts, whose credentials the fuzz sends about, and secrets that it plants: none may turn up elsewhere. */
import { randomBytes } from 'node:crypto';
import { Visitor } from '../support/visitor.js';

/** Stands in every secret that is planted: it may never be found in the log, in whatever case. */
export const mark = 'PlAnTeD';

export interface Victim {
  readonly email: string;
  readonly password: string;
  /** The session cookie's value, percent-encoded. */
  readonly cookie: string;
}

/** Signs somebody up whose every secret holds the mark, but for the token, which the service makes. */
export async function createVictim(url: string): Promise<Victim> {
  const visitor = new Visitor({ url });
  const id = randomBytes(6).toString('hex');
  const email = `${mark}-${id}@example.org`.toLowerCase();
  const password = `${mark} password ${id}`;
  const answer = await visitor.ask('/api/auth/sign-up/email', {
    body: { name: 'V', email, password },
  });
  if (answer.status !== 200) throw new Error(`no victim: ${answer.status} ${answer.text}`);
  return { email, password, cookie: visitor.sessionCookie };
}

/** Whether the session still lives: a request of the fuzz may have ended it, or the account. */
export async function isAlive(url: string, { cookie }: Victim): Promise<boolean> {
  const headers = { cookie: `better-auth.session_token=${cookie}` };
  return (await fetch(`${url}/session`, { headers })).ok;
}

/** What of a victim no log may hold: the token that the service made. */
export function tokenOf({ cookie }: Victim): string {
  return cookie.split('.')[0] ?? '';
}
