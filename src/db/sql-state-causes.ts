/**
 * What a server's own refusal means for the service, by its SQLSTATE (PostgreSQL 18, Appendix A). Whatever is the
 * request's own fault (classes 22, 23 and 54) is told apart before: database-error.ts.
 */
import { migrationsTableConfig, migrationsTable } from './migrations-table.js';

/** Tried in order: the first whose pattern matches the SQLSTATE, and whose words the message, where it names some. */
export interface SqlStateCause {
  readonly code: string;
  readonly message: string;
  readonly fix: string;
  readonly states: RegExp;
  /** In a pooler's message, which is English: poolers say all they have to say with 08P01 (PgBouncer's objects.c). */
  readonly words?: RegExp;
}

const copyAgain = "copy the connection string from Neon's console again";
const slowStatements = 'look for slow statements and locks in pg_stat_activity';

const grantRights =
  `run the statement that the log line of /ready tells; where it tells none, the record of migrations may not be read, as the owner: ` +
  `GRANT USAGE ON SCHEMA ${migrationsTableConfig.migrationsSchema} TO the role; GRANT SELECT ON ${migrationsTable} TO the role`;

const passwordRefused = {
  code: 'DATABASE_PASSWORD_REFUSED',
  message: 'holds a user or password that the database refuses',
  fix: copyAgain,
};
const nameUnknown = {
  code: 'DATABASE_NAME_UNKNOWN',
  message: 'names a database that does not exist',
  fix: 'correct the name after the last slash, or create it',
};
const full = {
  code: 'DATABASE_FULL',
  message: 'leads to a database that takes no more connections',
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
    message: 'leads to a database that takes no writes: nobody can sign in, up or out',
    fix: 'use the URL of the primary; at Neon that of the read-write endpoint',
    states: /^25006$/,
  },
  {
    code: 'DATABASE_DISK_FULL',
    message: 'leads to a database whose disk is full',
    fix: 'give it more storage, or delete what it need not keep; npm run sweep deletes expired rows',
    states: /^53100$/,
  },
  {
    code: 'DATABASE_OUT_OF_MEMORY',
    message: 'leads to a database that has no memory left for a statement',
    fix: 'give it more memory, or lower work_mem and max_connections',
    states: /^53200$/,
  },
  {
    code: 'DATABASE_LIMIT_REACHED',
    message: 'leads to a database that reached a limit of its configuration',
    fix: 'raise the limit that the error beside it names',
    states: /^53/,
  },
  {
    code: 'DATABASE_STATEMENT_CANCELLED',
    message: 'leads to a database where somebody cancelled the statement',
    fix: 'see who calls pg_cancel_backend there; the service asks again with every request',
    states: /^57014$/,
    words: /user request/i,
  },
  {
    code: 'DATABASE_STATEMENT_TIMEOUT',
    message: 'leads to a role or database whose statement_timeout ended the statement',
    fix: `${slowStatements}, or raise it: ALTER ROLE the_role SET statement_timeout = '10s'`,
    states: /^57014$/,
  },
  {
    code: 'DATABASE_LOCKED',
    message: 'leads to a database in which a lock was held for too long',
    fix: `${slowStatements}; lock_timeout of the role says how long a statement waits`,
    states: /^55P03$/,
  },
  {
    code: 'DATABASE_CONFLICT',
    message: 'leads to a database that gave the statement up for another one that ran beside it',
    fix: 'try again; where it happens often, look for deadlocks and conflicts in the log of the database',
    states: /^(?:40|72)/,
  },
  {
    code: 'DATABASE_SESSION_TIMEOUT',
    message: 'leads to a role or database whose timeout closed the connection',
    fix: 'raise idle_session_timeout, idle_in_transaction_session_timeout or transaction_timeout of the role',
    states: /^(?:25P03|25P04|57P05)$/,
  },
  {
    code: 'DATABASE_RESTARTING',
    message: 'leads to a server that starts, stops or restarts',
    fix: 'wait for it; where it lasts, see the log of the database',
    states: /^(?:57P0[123]|F0)/,
  },
  {
    code: 'DATABASE_ROLE_LIMITED',
    message:
      'leads to a role that lacks a right which the service needs; the error beside it names where',
    fix: grantRights,
    states: /^42501$/, // row level security refuses rows with it, too
  },
  {
    code: 'SCHEMA_INCOMPLETE',
    message: 'leads to a database that lacks what a statement needs',
    fix: 'run npm run db:migrate; /ready names the parts, and its log line the statements',
    // undefined_table, _column, _object, _function, datatype_mismatch, invalid schema
    states: /^(?:42P01|42703|42704|42883|42804|3F)/,
  },
  {
    code: 'DATABASE_FUNCTION_FAILED',
    message: 'leads to a database in which a function or a trigger of your own failed',
    fix: 'correct or drop it: the service brings none',
    states: /^(?:P0|38|39|09|27)/,
  },
  {
    code: 'DATABASE_DAMAGED',
    message: 'leads to a database that cannot read its own files',
    fix: 'see the log of the database and its disk; restore a backup where data is lost',
    states: /^(?:58|XX001|XX002)/,
  },
  {
    code: 'DATABASE_POOLER_REFUSED',
    message: 'leads to a server or pooler that refuses what the driver says',
    fix: 'see the error beside it; a pooler in front must speak the protocol of PostgreSQL and run in transaction or session mode',
    states: /^(?:08P01|0A000)$/,
  },
  {
    code: 'DATABASE_UNREACHABLE',
    message: 'leads to no server that answers',
    fix: 'check host, port and network; the service asks again with every request',
    states: /^08/,
  },
];
