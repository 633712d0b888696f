/** Formats a user for an operator. Names and user agents are untrusted input. */
import { printable } from '../log/printable.js';
import type { FoundUser } from './users.js';

export function describeUser(user: FoundUser): string {
  const { sessions, hasOlderHash, deleteAfter, lockedAt, roles, secondFactors } = user;
  const hash =
    hasOlderHash === undefined
      ? ''
      : hasOlderHash
        ? ' (outdated hash, replaced at the next sign-in)'
        : ' (argon2id)';
  const rows = [
    ['id', user.id],
    ['e-mail', `${user.email}${user.emailVerified ? ', verified' : ', not verified'}`],
    ['name', user.name],
    ['created', shown(user.createdAt)],
    ...(deleteAfter === null
      ? []
      : [['deletion', `after ${shown(deleteAfter)}, unless the user signs in before`]]),
    ...(roles.length === 0 ? [] : [['roles', roles.join(', ')]]),
    ...(lockedAt === null
      ? []
      : [['locked', `since ${shown(lockedAt)}: every sign-in is refused`]]),
    ['signs in with', (user.signInMethods.join(', ') || 'nothing: use set-password') + hash],
    ['2nd factor', secondFactors.join('; ') || 'none'],
    ['sessions', sessions.length === 0 ? 'none' : `${sessions.length} live`],
    ...sessions.map(({ createdAt, lastUsedAt, expiresAt, ipAddress, userAgent }) => [
      '',
      `used ${shown(lastUsedAt)} from ${ipAddress || 'an unknown address'}, since ${shown(createdAt)}, ` +
        `until ${shown(expiresAt)}, ${userAgent || 'no user agent'}`,
    ]),
  ];
  return rows
    .map(([label = '', value = '']) => `${label.padEnd(12)}${printable(value)}\n`)
    .join('');
}

/** JSON with every control character escaped, because it may be printed to a terminal. */
export function toJson(value: unknown): string {
  const escaped = (character: string) =>
    [...Array(character.length).keys()]
      .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`)
      .join('');
  const text = JSON.stringify(value, null, 2);
  return `${text.replace(/[\p{C}\u2028\u2029]/gu, (one) => (one === '\n' ? one : escaped(one)))}\n`;
}

function shown(date: Date): string {
  return `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
