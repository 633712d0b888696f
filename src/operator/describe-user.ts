/** A user as an operator reads one. Names and user agents are what visitors sent. */
import { printable } from '../log/printable.js';
import type { FoundUser } from './users.js';

export function describeUser(user: FoundUser): string {
  const { sessions, hasOlderHash } = user;
  const hash =
    hasOlderHash === undefined
      ? ''
      : hasOlderHash
        ? ' (hash of an older kind: the next sign-in renews it)'
        : ' (argon2id)';
  const rows = [
    ['id', user.id],
    ['e-mail', `${user.email}${user.emailVerified ? ', verified' : ', not verified'}`],
    ['name', user.name],
    ['created', shown(user.createdAt)],
    ['signs in by', (user.signInMethods.join(', ') || 'nothing: set-password gives one') + hash],
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

/** JSON with every control character escaped, because a terminal may show it. */
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
