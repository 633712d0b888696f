/** Why a database could not be asked, as far as the error tells, and which setting mends it. For the log alone. */
import { causesOf, sqlState } from '../log/error-chain.js';
import { sqlStateCauses } from './sql-state-causes.js';

/** The server takes connections and says nothing, as one that is stopped, or a proxy whose backend hangs. */
export class UnresponsiveServerError extends Error {
  override readonly name = 'UnresponsiveServerError';
}

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

/** Where no server said why. In the order they are tried; the first that matches the error or one of its causes is told. */
const causes: readonly (Unavailability & { matches: (error: Seen) => boolean })[] = [
  {
    code: 'BUILD_INCOMPLETE',
    message: 'may be right, but this build cannot compare it: its folder drizzle/ is missing',
    fix: 'deploy drizzle/ beside dist/, with meta/_journal.json and every .sql file',
    matches: ({ error }) => error.name === 'BuildIncompleteError',
  },
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
    code: 'DATABASE_OVERLOADED',
    message: 'leads to a database to which every connection was busy for too long',
    fix: 'look for slow statements and locks in pg_stat_activity; where that does not answer either, the server is stopped',
    matches: ({ error }) => error instanceof PoolExhaustedError,
  },
  {
    code: 'DATABASE_SLOW',
    message: 'leads to a database that did not answer in time',
    fix: 'look for slow statements and locks in pg_stat_activity; where that does not answer either, the server is stopped or the network swallows packets',
    matches: ({ error, message }) =>
      message === 'Query read timeout' || error.name === 'DeadlineError',
  },
  {
    code: 'DATABASE_NOT_ANSWERING',
    message: 'leads to a server that takes connections and does not answer',
    fix: 'see whether it is stopped, paused or swapping; restart it, or the proxy in front of it',
    matches: ({ error }) => error instanceof UnresponsiveServerError,
  },
  {
    code: 'DATABASE_UNREACHABLE',
    message: 'leads to no server that answers',
    fix: 'check host, port and network; the service asks again with every request',
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
  message: 'leads to a database that could not answer',
  fix: 'see the error beside it, and /ready; the service asks again with every request',
};

/** Found by asking, too, before a statement is refused for it. */
export const readOnly: Unavailability = explainState('25006', []) ?? unknownCause;

/** Gives exactly one cause for any error; `DATABASE_UNAVAILABLE` where it tells none. */
export function explainUnavailable(error: unknown): Unavailability {
  const state = sqlState(error) ?? '';
  const seen = [...causesOf(error)].map((one): Seen => {
    const { code } = one as Error & { code?: unknown };
    return { error: one, code: typeof code === 'string' ? code : '', message: one.message };
  });
  const said = explainState(
    state,
    seen.map(({ message }) => message),
  );
  const found = said ?? causes.find(({ matches }) => seen.some(matches)) ?? unknownCause;
  const { code, message, fix } = found;
  return { code, message, fix };
}

function explainState(state: string, messages: readonly string[]): Unavailability | undefined {
  const isSaid = (words: RegExp) => messages.some((message) => words.test(message));
  return sqlStateCauses.find(
    ({ states, words }) => states.test(state) && (words === undefined || isSaid(words)),
  );
}
