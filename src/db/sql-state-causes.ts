/**
 * Maps a server's SQLSTATE (PostgreSQL 18, Appendix A) to a cause and a fix. Errors caused by the request itself (classes
 * 22, 23 and 54) are handled before, in database-error.ts.
 */
import { migrationsTableConfig, migrationsTable } from './migrations-table.js';

/** Checked in order: the first one that matches the SQLSTATE and, if it has `words`, the message. */
export interface SqlStateCause {
  readonly code: string;
  readonly message: string;
  readonly fix: string;
  readonly states: RegExp;
  /** Matches a pooler's message, which is English: poolers use 08P01 for all their errors (PgBouncer's objects.c). */
  readonly words?: RegExp;
}

const copyAgain = "copy the connection string from Neon's console again";
const slowStatements = 'look for slow statements and locks in pg_stat_activity';

const grantRights =
  `run the statement in the log line of /ready; if there is none, the role cannot read the migrations table: as its owner, run ` +
  `GRANT USAGE ON SCHEMA ${migrationsTableConfig.migrationsSchema} TO the role; GRANT SELECT ON ${migrationsTable} TO the role`;

const passwordRefused = {
  code: 'DATABASE_PASSWORD_REFUSED',
  message: 'contains a user or password that the database refuses',
  fix: copyAgain,
};
const nameUnknown = {
  code: 'DATABASE_NAME_UNKNOWN',
  message: 'names a database that does not exist',
  fix: 'correct the name after the last slash, or create the database',
};
const full = {
  code: 'DATABASE_FULL',
  message: 'points to a database that accepts no more connections',
  fix: 'use the pooled host (-pooler), or raise max_connections',
};

export const sqlStateCauses: readonly SqlStateCause[] = [
  { ...passwordRefused, states: /^28/ },
  { ...nameUnknown, states: /^(?:3D000|57P04)$/ },
  { ...full, states: /^53300$/ },
  { ...full, states: /^08P01$/, words: /query_wait_timeout|max_client_conn|no more connections/i },
  {
    ...nameUnknown,
    states: /^08P01$/,
    words: /no such (?:database|user)|database .* does not exist/i,
  },
  { ...passwordRefused, states: /^08P01$/, words: /password|SASL|auth(?:entication)? fail/i },
  {
    code: 'DATABASE_READ_ONLY',
    message: 'points to a database that accepts no writes: sign-in, sign-up and sign-out fail',
    fix: 'use the URL of the primary (on Neon, of the read-write endpoint)',
    states: /^25006$/,
  },
  {
    code: 'DATABASE_DISK_FULL',
    message: 'leads to a database whose disk is full',
    fix: 'add storage, or delete data that is not needed; npm run sweep deletes expired rows',
    states: /^53100$/,
  },
  {
    code: 'DATABASE_OUT_OF_MEMORY',
    message: 'points to a database that ran out of memory for a statement',
    fix: 'give it more memory, or lower work_mem and max_connections',
    states: /^53200$/,
  },
  {
    code: 'DATABASE_LIMIT_REACHED',
    message: 'points to a database that reached a configured limit',
    fix: 'raise the limit named in the logged error',
    states: /^53/,
  },
  {
    code: 'DATABASE_STATEMENT_CANCELLED',
    message: 'points to a database where the statement was cancelled by a user',
    fix: 'find out who calls pg_cancel_backend; the service retries with every request',
    states: /^57014$/,
    words: /user request/i,
  },
  {
    code: 'DATABASE_STATEMENT_TIMEOUT',
    message: 'points to a role or database whose statement_timeout cancelled the statement',
    fix: `${slowStatements}, or raise it: ALTER ROLE the_role SET statement_timeout = '10s'`,
    states: /^57014$/,
  },
  {
    code: 'DATABASE_LOCKED',
    message: 'points to a database where a lock was held for too long',
    fix: `${slowStatements}; the role's lock_timeout limits how long a statement waits`,
    states: /^55P03$/,
  },
  {
    code: 'DATABASE_CONFLICT',
    message: 'points to a database that aborted the statement because of a concurrent one',
    fix: 'retry; if it happens often, look for deadlocks and serialization conflicts in the database log',
    states: /^(?:40|72)/,
  },
  {
    code: 'DATABASE_SESSION_TIMEOUT',
    message: 'points to a role or database whose timeout closed the connection',
    fix: 'raise idle_session_timeout, idle_in_transaction_session_timeout or transaction_timeout of the role',
    states: /^(?:25P03|25P04|57P05)$/,
  },
  {
    code: 'DATABASE_RESTARTING',
    message: 'points to a server that is starting, stopping or restarting',
    fix: 'wait; if it persists, see the database log',
    states: /^(?:57P0[123]|F0)/,
  },
  {
    code: 'DATABASE_ROLE_LIMITED',
    message:
      'points to a role that lacks a privilege the service needs; the logged error names the object',
    fix: grantRights,
    states: /^42501$/, // also raised by row level security
  },
  {
    code: 'SCHEMA_INCOMPLETE',
    message: 'points to a database that lacks an object a statement needs',
    fix: 'run npm run db:migrate; /ready names the missing parts, its log line the statements',
    // undefined_table, _column, _object, _function, datatype_mismatch, invalid schema
    states: /^(?:42P01|42703|42704|42883|42804|3F)/,
  },
  {
    code: 'DATABASE_FUNCTION_FAILED',
    message: 'points to a database where one of your own functions or triggers failed',
    fix: 'correct or drop it: the service creates none',
    states: /^(?:P0|38|39|09|27)/,
  },
  {
    code: 'DATABASE_DAMAGED',
    message: 'points to a database that cannot read its own files',
    fix: 'check the database log and its disk; restore a backup if data is lost',
    states: /^(?:58|XX001|XX002)/,
  },
  {
    code: 'DATABASE_POOLER_REFUSED',
    message: "points to a server or pooler that rejects the driver's messages",
    fix: 'see the logged error; a pooler must support the PostgreSQL protocol and run in transaction or session mode',
    states: /^(?:08P01|0A000)$/,
  },
  {
    code: 'DATABASE_UNREACHABLE',
    message: 'points to a server that cannot be reached',
    fix: 'check host, port and network; the service retries with every request',
    states: /^08/,
  },
];
