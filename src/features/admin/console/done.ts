/**
 * What an action did, carried by the address to which its form leads. Shown only after such a form: a link from elsewhere
 * cannot claim that something was done.
 */
import type { IncomingMessage } from 'node:http';
import { markup, type Html } from './html.js';

/** Action of the API → what is said of it. */
const sentences: Readonly<Record<string, string>> = {
  'sign-out': 'Signed out.',
  lock: 'Locked: every sign-in is refused until unlock.',
  unlock: 'Not locked any more.',
  'lift-limits': 'The limits are lifted.',
  'set-password': 'The password is set.',
  'mail-password-reset': 'The mail with the link is written.',
  'remove-factors': 'No second factor is left.',
  'verify-email': 'The address is marked as verified.',
  delete: 'The user is deleted.',
  impersonate: 'You act as the user now.',
};

/** Field of the result → what is said of a number, or of true and false. */
const remarks: Readonly<Record<string, (value: string) => string>> = {
  sessionsEnded: (value) => `Sessions ended: ${value}.`,
  limitsLifted: (value) => `Limits lifted: ${value}.`,
  wasLocked: (value) => (value === 'true' ? '' : 'The user was not locked.'),
  wasVerified: (value) => (value === 'true' ? 'It was before.' : ''),
  removed: (value) => (value === '0' ? 'There was none before.' : ''),
  isNotified: (value) =>
    value === 'true' ? 'The owner gets a mail.' : 'The owner gets no mail about it.',
};

/** @returns the query of the address, such as `?done=lock&sessionsEnded=2` */
export function doneQuery(action: string, result: object): string {
  const query = new URLSearchParams({ done: action });
  for (const [name, value] of Object.entries(result)) {
    const shown: unknown = Array.isArray(value) ? value.length : value;
    const isShown = typeof shown === 'number' || typeof shown === 'boolean';
    if (isShown && Object.hasOwn(remarks, name)) query.set(name, String(shown));
  }
  return `?${query.toString()}`;
}

/** @returns undefined for an address that no form of the console has led to */
export function readDone(
  { headers }: Pick<IncomingMessage, 'headers'>,
  query: Readonly<Record<string, unknown>>,
): Html | undefined {
  const { done } = query;
  if (headers['sec-fetch-site'] !== 'same-origin' || typeof done !== 'string') return undefined;
  if (!Object.hasOwn(sentences, done)) return undefined;
  const said = Object.entries(remarks).flatMap(([name, remark]) => {
    const value = query[name];
    return typeof value === 'string' && /^(\d{1,9}|true|false)$/.test(value) ? remark(value) : [];
  });
  const text = [sentences[done], ...said].filter((part) => part !== '');
  return markup`<p class="done" role="status">${text.join(' ')}</p>`;
}
