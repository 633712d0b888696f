/** Why a database could not be asked, as far as the error tells, and which setting mends it. For the log alone. */
import { causesOf, sqlState } from './database-error.js';
import { record, recordTable } from './record.js';

/** One cause, told in the log line of a request and in the start-up report. */
export interface Unavailability {
  readonly code: string;
  /** What `DATABASE_URL` leads to. */
  readonly message: string;
  readonly fix: string;
}

/** All connections were busy until the time was over, or too many requests wait for one already. */
export class PoolExhaustedError extends Error {
  override readonly name = 'PoolExhaustedError';
}

/** Whether a statement did not answer within the driver's `query_timeout`: it still runs. */
export function isStatementTimeout(error: unknown): boolean {
  return [...causesOf(error)].some(({ message }) => message === 'Query read timeout');
}

/** In the order they are tried; the first that matches the error or one of its causes is told. */
const causes: readonly (Unavailability & { matches: (error: Seen) => boolean })[] = [
  {
    code: 'DATABASE_CERTIFICATE_NAME',
    message: 'leads to a server whose certificate is for another host name',
    fix: "write the host as Neon's console does; an address or an alias does not do",
    matches: ({ code }) => code === 'ERR_TLS_CERT_ALTNAME_INVALID',
  },
  {
    code: 'DATABASE_CERTIFICATE_UNKNOWN',
    message: 'leads to a server whose certificate no known authority signed',
    fix: 'if the authority is your own, name its file: sslrootcert in DATABASE_URL, or NODE_EXTRA_CA_CERTS',
    // OpenSSL's verification errors as Node names them (tls, "X509 certificate error codes").
    matches: ({ code }) => /^(?:UNABLE_TO_|SELF_SIGNED_CERT|DEPTH_ZERO_SELF)/.test(code),
  },
  {
    code: 'DATABASE_CERTIFICATE_INVALID',
    message: 'leads to a server whose certificate is expired, not valid yet or revoked',
    fix: "renew the server's certificate, and compare the clocks",
    matches: ({ code }) => /^CERT_/.test(code),
  },
  {
    code: 'DATABASE_CERTIFICATE_FILE',
    message: 'names a certificate file that cannot be read',
    fix: 'correct sslrootcert, sslcert or sslkey, or take it out',
    matches: ({ code }) => code === 'ENOENT' || code === 'EACCES',
  },
  {
    code: 'DATABASE_WITHOUT_TLS',
    message: 'asks for TLS, and the server has none',
    fix: 'turn TLS on at the server; without sslmode nothing is encrypted, which is for your own machine',
    matches: ({ message }) => message === 'The server does not support SSL connections',
  },
  {
    code: 'DATABASE_PASSWORD_REFUSED',
    message: 'holds a user or password that the database refuses',
    fix: "copy the connection string from Neon's console again",
    matches: ({ state }) => state.startsWith('28'),
  },
  {
    code: 'DATABASE_NAME_UNKNOWN',
    message: 'names a database that does not exist',
    fix: 'correct the name after the last slash, or create it',
    matches: ({ state }) => state === '3D000',
  },
  {
    code: 'DATABASE_ROLE_LIMITED',
    message:
      'leads to a role that lacks a right which the service needs; the error beside it names where',
    fix:
      `run the statement that the log line of /ready tells; where it tells none, the record of migrations may not be read, as the owner: ` +
      `GRANT USAGE ON SCHEMA ${record.migrationsSchema} TO the role; GRANT SELECT ON ${recordTable} TO the role`,
    // insufficient_privilege: it answers, so host and password are right. Row level security refuses rows with it, too.
    matches: ({ state }) => state === '42501',
  },
  {
    code: 'DATABASE_FULL',
    message: 'leads to a database that takes no more connections',
    fix: 'use the pooled host (-pooler), or raise max_connections',
    matches: ({ state }) => state === '53300',
  },
  {
    code: 'DATABASE_OVERLOADED',
    message: 'leads to a database that answers, but every connection was busy for too long',
    fix: 'look for slow statements and locks in pg_stat_activity; the database itself is reachable',
    matches: ({ error }) => error instanceof PoolExhaustedError,
  },
  {
    code: 'DATABASE_SLOW',
    message: 'leads to a database that did not answer a statement in time',
    fix: 'look for slow statements and locks in pg_stat_activity, and for a network that swallows packets',
    matches: ({ error, message }) =>
      message === 'Query read timeout' || error.name === 'DeadlineError',
  },
  {
    code: 'DATABASE_UNREACHABLE',
    message: 'leads to no server that answers',
    fix: 'check host, port and network; the service asks again with every request',
    matches: ({ code, state, message }) =>
      /^E(?:CONN|AI_|HOST|NET|NOTFOUND|PIPE|TIMEDOUT)/.test(code) ||
      /^(?:57P0|08)/.test(state) ||
      /^(?:Connection terminated|timeout)/.test(message),
  },
];

interface Seen {
  readonly error: Error;
  readonly code: string;
  readonly message: string;
  /** SQLSTATE; empty where no server answered. */
  readonly state: string;
}

const unknownCause: Unavailability = {
  code: 'DATABASE_UNAVAILABLE',
  message: 'leads to a database that could not answer',
  fix: 'see the error beside it, and /ready; the service asks again with every request',
};

/** Gives exactly one cause for any error; `DATABASE_UNAVAILABLE` where it tells none. */
export function explainUnavailable(error: unknown): Unavailability {
  const state = sqlState(error) ?? '';
  const seen = [...causesOf(error)].map((one): Seen => {
    const { code } = one as Error & { code?: unknown };
    return { error: one, code: typeof code === 'string' ? code : '', message: one.message, state };
  });
  const found = causes.find(({ matches }) => seen.some(matches)) ?? unknownCause;
  const { code, message, fix } = found;
  return { code, message, fix };
}
