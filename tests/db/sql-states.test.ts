/** Every SQLSTATE class maps to exactly one cause, with a setting or a step that fixes it. */
import { expect, test } from 'vitest';
import { databaseFault } from '../../src/db/database-error.js';
import { explainUnavailable, readOnly } from '../../src/db/unavailable.js';

/** A server error from the driver, wrapped as by Drizzle. */
function said(code: string, message = 'in the language of the server'): Error {
  const cause = Object.assign(new Error(message), { severity: 'ERROR', code });
  return new Error('Failed query', { cause });
}

/** PostgreSQL 18, Appendix A: an example of every class, and each state whose cause differs from its class. */
const states: [state: string, code: string, message?: string][] = [
  ['03000', 'DATABASE_UNAVAILABLE'],
  ['08000', 'DATABASE_UNREACHABLE'],
  ['08001', 'DATABASE_UNREACHABLE'],
  ['08003', 'DATABASE_UNREACHABLE'],
  ['08004', 'DATABASE_UNREACHABLE'],
  ['08006', 'DATABASE_UNREACHABLE'],
  ['08P01', 'DATABASE_POOLER_REFUSED', 'unsupported startup parameter: options'],
  ['08P01', 'DATABASE_FULL', 'query_wait_timeout'],
  ['08P01', 'DATABASE_FULL', 'no more connections allowed (max_client_conn)'],
  ['08P01', 'DATABASE_NAME_UNKNOWN', 'no such database: nowhere'],
  ['08P01', 'DATABASE_PASSWORD_REFUSED', 'SASL authentication failed'],
  ['08P01', 'DATABASE_PASSWORD_REFUSED', 'password authentication failed'],
  ['09000', 'DATABASE_FUNCTION_FAILED'],
  ['0A000', 'DATABASE_POOLER_REFUSED'],
  ['0B000', 'DATABASE_UNAVAILABLE'],
  ['0F000', 'DATABASE_UNAVAILABLE'],
  ['0L000', 'DATABASE_UNAVAILABLE'],
  ['0P000', 'DATABASE_UNAVAILABLE'],
  ['20000', 'DATABASE_UNAVAILABLE'],
  ['21000', 'DATABASE_UNAVAILABLE'],
  ['24000', 'DATABASE_UNAVAILABLE'],
  ['25P02', 'DATABASE_UNAVAILABLE'],
  ['25P03', 'DATABASE_SESSION_TIMEOUT'],
  ['25P04', 'DATABASE_SESSION_TIMEOUT'],
  ['25006', 'DATABASE_READ_ONLY'],
  ['26000', 'DATABASE_UNAVAILABLE'],
  ['27000', 'DATABASE_FUNCTION_FAILED'],
  ['28000', 'DATABASE_PASSWORD_REFUSED'],
  ['28P01', 'DATABASE_PASSWORD_REFUSED'],
  ['2B000', 'DATABASE_UNAVAILABLE'],
  ['2D000', 'DATABASE_UNAVAILABLE'],
  ['34000', 'DATABASE_UNAVAILABLE'],
  ['38000', 'DATABASE_FUNCTION_FAILED'],
  ['39000', 'DATABASE_FUNCTION_FAILED'],
  ['3D000', 'DATABASE_NAME_UNKNOWN'],
  ['3F000', 'SCHEMA_INCOMPLETE'],
  ['40001', 'DATABASE_CONFLICT'],
  ['40P01', 'DATABASE_CONFLICT'],
  ['42501', 'DATABASE_ROLE_LIMITED'],
  ['42601', 'DATABASE_UNAVAILABLE'],
  ['42703', 'SCHEMA_INCOMPLETE'],
  ['42704', 'SCHEMA_INCOMPLETE'],
  ['42883', 'SCHEMA_INCOMPLETE'],
  ['42P01', 'SCHEMA_INCOMPLETE'],
  ['53000', 'DATABASE_LIMIT_REACHED'],
  ['53100', 'DATABASE_DISK_FULL'],
  ['53200', 'DATABASE_OUT_OF_MEMORY'],
  ['53300', 'DATABASE_FULL'],
  ['53400', 'DATABASE_LIMIT_REACHED'],
  ['55P03', 'DATABASE_LOCKED'],
  ['57014', 'DATABASE_STATEMENT_TIMEOUT', 'canceling statement due to statement timeout'],
  ['57014', 'DATABASE_STATEMENT_TIMEOUT', 'annulation de la requête à cause du délai écoulé'],
  ['57014', 'DATABASE_STATEMENT_CANCELLED', 'canceling statement due to user request'],
  ['57P01', 'DATABASE_RESTARTING'],
  ['57P02', 'DATABASE_RESTARTING'],
  ['57P03', 'DATABASE_RESTARTING'],
  ['57P04', 'DATABASE_NAME_UNKNOWN'],
  ['57P05', 'DATABASE_SESSION_TIMEOUT'],
  ['58000', 'DATABASE_DAMAGED'],
  ['58030', 'DATABASE_DAMAGED'],
  ['72000', 'DATABASE_CONFLICT'],
  ['F0000', 'DATABASE_RESTARTING'],
  ['HV000', 'DATABASE_UNAVAILABLE'],
  ['P0001', 'DATABASE_FUNCTION_FAILED'],
  ['XX000', 'DATABASE_UNAVAILABLE'],
  ['XX001', 'DATABASE_DAMAGED'],
  ['XX002', 'DATABASE_DAMAGED'],
];

test.each(states)('%s is %s (%s)', (state, code, message) => {
  const error = said(state, message);
  const explanation = explainUnavailable(error);
  expect(explanation.code).toBe(code);
  expect(explanation.fix).toMatch(/\w{3}/);
  expect(explanation.message).toMatch(/^(?:points|contains|names) /);
  expect(databaseFault(error)).toBe('unavailable');
});

test.each(['22001', '22021', '23505', '23503', '54000'])('%s is caused by the request', (state) => {
  expect(databaseFault(said(state))).toBe('rejected');
});

test('the server’s SQLSTATE takes precedence over the message of the wrapping error', () => {
  const timeout = new Error('Connection terminated', { cause: said('53100') });
  expect(explainUnavailable(timeout).code).toBe('DATABASE_DISK_FULL');
});

test('a read-only database is reported the same way by the readiness check and by a failed write', () => {
  expect(explainUnavailable(said('25006'))).toEqual({
    code: readOnly.code,
    message: readOnly.message,
    fix: readOnly.fix,
  });
});
