/** A request of an operator, as the handlers of the API and the console see it. */
import type { AuditClient } from '../../audit.js';
import type { Operator } from './guard.js';
import type { SessionCookies } from './session-cookies.js';
import { errorTable } from '../../errors.js';
import { errors } from './reasons.js';

export interface Call {
  readonly operator: Operator;
  /** Of the path; empty where it has none. */
  readonly userId: string;
  /** Of the query of a GET, or of the body of a POST: unverified. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly requestId: string;
  readonly client: AuditClient;
  readonly cookies: SessionCookies;
}

const { INVALID_FIELD, LAST_ADMIN } = errorTable;
const refusals = { ...errors, INVALID_FIELD, LAST_ADMIN };

/** A request that is refused by what it asks for. */
export class CallRefused extends Error {
  override readonly name = 'CallRefused';
  readonly status: number;

  constructor(
    readonly code: keyof typeof refusals,
    message?: string,
    readonly fields: Readonly<Record<string, unknown>> = {},
  ) {
    super(message ?? refusals[code].message);
    this.status = refusals[code].status;
  }
}
