/** Explains from an error why the database is unavailable and which setting fixes it. For the log only. */
import { causesOf, sqlState } from '../log/error-chain.js';
import { sqlStateCauses } from './sql-state-causes.js';

/** The server accepts connections but sends nothing: it is suspended, or a proxy whose backend hangs. */
export class UnresponsiveServerError extends Error {
  override readonly name = 'UnresponsiveServerError';
}

/** A cause, as logged with a request and in the startup report. */
export interface Unavailability {
  readonly code: string;
  /** Predicate of a sentence whose subject is `DATABASE_URL`. */
  readonly message: string;
  readonly fix: string;
}

/** All connections were busy until the timeout, or the queue is full. */
export class PoolExhaustedError extends Error {
  override readonly name = 'PoolExhaustedError';
}

/** Whether the driver's `query_timeout` expired: the statement is still running. */
export function isStatementTimeout(error: unknown): boolean {
  return [...causesOf(error)].some(({ message }) => message === 'Query read timeout');
}

/** Causes without a server error. The first one that matches the error or one of its causes is used. */
const causes: readonly (Unavailability & { matches: (error: Seen) => boolean })[] = [
  {
    code: 'BUILD_INCOMPLETE',
    message: 'cannot be checked: the folder drizzle/ of this build is missing',
    fix: 'deploy drizzle/ next to dist/, with meta/_journal.json and every .sql file',
    matches: ({ error }) => error.name === 'BuildIncompleteError',
  },
  {
    code: 'DATABASE_CERTIFICATE_NAME',
    message: 'points to a server whose certificate is for another host name',
    fix: "use the host name exactly as in Neon's console, not an IP address or an alias",
    matches: ({ code }) => code === 'ERR_TLS_CERT_ALTNAME_INVALID',
  },
  {
    code: 'DATABASE_CERTIFICATE_UNKNOWN',
    message: 'points to a server whose certificate was not signed by a trusted authority',
    fix: 'if it is your own authority, set its file as sslrootcert in DATABASE_URL or as NODE_EXTRA_CA_CERTS',
    // OpenSSL's verification errors by Node's names (tls, "X509 certificate error codes").
    matches: ({ code }) => /^(?:UNABLE_TO_|SELF_SIGNED_CERT|DEPTH_ZERO_SELF)/.test(code),
  },
  {
    code: 'DATABASE_CERTIFICATE_INVALID',
    message: 'points to a server whose certificate is expired, not yet valid or revoked',
    fix: "renew the server's certificate, and check both clocks",
    matches: ({ code }) => /^CERT_/.test(code),
  },
  {
    code: 'DATABASE_CERTIFICATE_FILE',
    message: 'names a certificate file that cannot be read',
    fix: 'correct or remove sslrootcert, sslcert or sslkey',
    matches: ({ code }) => code === 'ENOENT' || code === 'EACCES',
  },
  {
    code: 'DATABASE_WITHOUT_TLS',
    message: 'requires TLS, which the server does not support',
    fix: 'enable TLS on the server; without sslmode nothing is encrypted, which is only acceptable on your own machine',
    matches: ({ message }) => message === 'The server does not support SSL connections',
  },
  {
    code: 'DATABASE_OVERLOADED',
    message: 'points to a database where all connections were busy for too long',
    fix: 'look for slow statements and locks in pg_stat_activity; if that does not respond either, the server is suspended',
    matches: ({ error }) => error instanceof PoolExhaustedError,
  },
  {
    code: 'DATABASE_SLOW',
    message: 'points to a database that did not respond in time',
    fix: 'look for slow statements and locks in pg_stat_activity; if that does not respond either, the server is suspended or the network drops packets',
    matches: ({ error, message }) =>
      message === 'Query read timeout' || error.name === 'TimeoutError',
  },
  {
    code: 'DATABASE_NOT_ANSWERING',
    message: 'points to a server that accepts connections and does not respond',
    fix: 'check whether it is suspended or swapping; restart it, or the proxy in front of it',
    matches: ({ error }) => error instanceof UnresponsiveServerError,
  },
  {
    code: 'DATABASE_UNREACHABLE',
    message: 'points to a server that cannot be reached',
    fix: 'check host, port and network; the service retries with every request',
    matches: ({ code, message }) =>
      /^E(?:CONN|AI_|HOST|NET|NOTFOUND|PIPE|TIMEDOUT)/.test(code) ||
      /^(?:Connection terminated|timeout)/.test(message),
  },
];

interface Seen {
  readonly error: Error;
  readonly code: string;
  readonly message: string;
}

const unknownCause: Unavailability = {
  code: 'DATABASE_UNAVAILABLE',
  message: 'points to a database that is unavailable',
  fix: 'see the logged error and /ready; the service retries with every request',
};

/** Also detected by the readiness check, before a statement fails because of it. */
export const readOnly: Unavailability = explainState('25006', []) ?? unknownCause;

/** Returns exactly one cause for any error; `DATABASE_UNAVAILABLE` if none matches. */
export function explainUnavailable(error: unknown): Unavailability {
  const state = sqlState(error) ?? '';
  const seen = [...causesOf(error)].map((one): Seen => {
    const { code } = one as Error & { code?: unknown };
    return { error: one, code: typeof code === 'string' ? code : '', message: one.message };
  });
  const serverCause = explainState(
    state,
    seen.map(({ message }) => message),
  );
  const found = serverCause ?? causes.find(({ matches }) => seen.some(matches)) ?? unknownCause;
  const { code, message, fix } = found;
  return { code, message, fix };
}

function explainState(state: string, messages: readonly string[]): Unavailability | undefined {
  const occurs = (words: RegExp) => messages.some((message) => words.test(message));
  return sqlStateCauses.find(
    ({ states, words }) => states.test(state) && (words === undefined || occurs(words)),
  );
}
