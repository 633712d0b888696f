/** The responses to refused calls, and to failures of the database. */
import type { Response } from 'express';
import { databaseFault } from '../../db/database-error.js';
import { isServiceBusy } from '../../event-loop.js';
import { addLogFields, recordUnavailable } from '../../http/request-log.js';
import { findLimitsUnavailable } from '../../limit-store.js';
import { sendError, sendRefusal } from '../../http/send-error.js';
import { sendUnavailable } from '../../http/session-reason.js';
import { CallRefused } from './call.js';
import type { Refusal } from './guard.js';

/** For a caller who is no operator. */
export function sendNoOperator(refusal: Refusal, res: Response): void {
  const { status, code, message, reason, challenge } = refusal;
  addLogFields(res, { reason });
  if (reason === 'database_unavailable' || reason === 'service_busy') {
    sendUnavailable(res, reason);
    return;
  }
  if (challenge !== undefined) res.setHeader('WWW-Authenticate', challenge);
  sendRefusal(res, { status, code, message, ...{ reason } });
}

export function sendFailure(error: unknown, res: Response, next: (error: unknown) => void): void {
  if (error instanceof CallRefused) {
    const { status, code, message, fields } = error;
    sendRefusal(res, { status, code, message, ...fields });
  } else if (isServiceBusy(error)) {
    recordUnavailable(res, error);
    sendUnavailable(res, 'service_busy');
  } else if (findLimitsUnavailable(error) !== undefined) {
    recordUnavailable(res, error);
    sendError(res, 'LIMITS_UNAVAILABLE');
  } else if (!isOfDatabase(error)) {
    next(error);
  } else if (databaseFault(error) === 'rejected') {
    sendError(res, 'INVALID_REQUEST');
  } else {
    recordUnavailable(res, error);
    sendUnavailable(res, 'database_unavailable');
  }
}

/** Whether a query, a connection or the wait for one failed, and not our own code. */
function isOfDatabase(error: unknown): boolean {
  return !(
    error instanceof TypeError ||
    error instanceof RangeError ||
    error instanceof ReferenceError
  );
}
