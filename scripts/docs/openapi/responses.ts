/** The error responses of the service, from its own tables of errors and reasons. */
import { errorTable, type ErrorCode } from '../../../src/errors.js';
import { openApiParts } from '../../../src/features/openapi.js';
import { limitReasons } from '../../../src/limit-reasons.js';
import { reasonTable, type Reason } from '../../../src/session/reasons.js';
import { stepUpMethods } from './step-up.js';
import { json, merge, ref, type Json, type JsonObject } from './json.js';

/** Statuses whose code is always one of the table; BetterAuth adds codes of its own to the others. */
const closedStatuses = [413, 415, 429, 500, 503];

const descriptions: Readonly<Record<number, string>> = {
  400: 'The request cannot be read, or a field is refused; `field` names it.',
  401: 'Not signed in, or wrong credentials. `reason` says why there is no session.',
  403: 'The origin is not trusted, or the session has not proven enough for this change: `methods` says with what the user can step up.',
  404: 'Not found.',
  409: 'The state of the account does not allow it, such as an address that another one has.',
  413: 'The body is larger than 100 kB.',
  415: 'The body is neither JSON nor a form, or it is compressed.',
  422: 'The request is valid, but cannot be carried out.',
  429: 'Too many requests: try again after `Retry-After` seconds.',
  500: 'A fault of the service; its log has the details.',
  503: 'The result is unknown at the moment: try again after `Retry-After` seconds.',
};

const codesOf = (status: number) =>
  (Object.keys(errorTable) as ErrorCode[]).filter((code) => errorTable[code].status === status);

const notSignedInReasons = (Object.keys(reasonTable) as Reason[]).filter(
  (reason) => reasonTable[reason].status === 401,
);

export const headers: JsonObject = {
  RequestId: {
    description: 'Id of the request; the log line has the same.',
    required: true,
    schema: { type: 'string' },
  },
  SessionReason: {
    description: 'Why the request is signed in or not.',
    schema: { type: 'string', enum: Object.keys(reasonTable) },
  },
  RetryAfter: {
    description: 'Seconds to wait before the next attempt.',
    required: true,
    schema: { type: 'string', pattern: '^[0-9]+$' },
  },
};

export const schemas: JsonObject = {
  Reason: {
    description: 'Why the request is not signed in.',
    type: 'string',
    enum: notSignedInReasons,
  },
  Error: {
    type: 'object',
    required: ['code', 'message', 'requestId'],
    properties: {
      code: { type: 'string' },
      message: { type: 'string' },
      requestId: { type: 'string' },
    },
  },
};

/** `/session` has session reasons only; a refused second factor or passkey has one of its feature. */
const refusedReason: JsonObject = {
  anyOf: [
    ref('schemas', 'Reason'),
    { type: 'string', pattern: '^(pending_sign_in|totp|backup_code|passkey|challenge)_' },
    // Of the API for operators, with the challenge of RFC 9470.
    { type: 'string', enum: ['aal2_required', 'not_fresh'] },
  ],
};

/** Only for the holder of the session's credential. */
const ended: JsonObject = {
  type: 'object',
  description: 'When and from which device the session ended, if it existed and its end is known',
  properties: {
    at: { type: 'string', format: 'date-time' },
    device: { type: 'string', description: 'Like `Firefox on Linux`; missing if no request did' },
  },
  required: ['at'],
};

/** Every error response as `Error400`, `Error401`, …, and `NotSignedIn`, whose reason is always there. */
export const responses: JsonObject = {
  ...Object.fromEntries(
    Object.keys(descriptions).map((status) => [`Error${status}`, errorResponse(Number(status))]),
  ),
  NotSignedIn: {
    description: 'Not signed in; `reason` says why.',
    headers: {
      'X-Request-Id': ref('headers', 'RequestId'),
      'X-Session-Reason': { ...(headers.SessionReason as JsonObject), required: true },
    },
    content: json(
      errorSchema(
        {
          code: { type: 'string', const: 'NOT_SIGNED_IN' },
          reason: ref('schemas', 'Reason'),
          ended,
        },
        ['reason'],
      ),
    ),
  },
};

/** References to the error responses of these statuses. */
export function errors(...statuses: readonly number[]): JsonObject {
  return Object.fromEntries(
    statuses.map((status) => [String(status), ref('responses', `Error${status}`)]),
  );
}

/** A successful JSON response. */
export function success(schema: Json, description = 'Success'): JsonObject {
  return {
    description,
    headers: { 'X-Request-Id': ref('headers', 'RequestId') },
    content: json(schema),
  };
}

function errorResponse(status: number): JsonObject {
  const needsRetryAfter = status === 429 || status === 503;
  const isSession = status === 401;
  return {
    description: descriptions[status] ?? '',
    headers: {
      'X-Request-Id': ref('headers', 'RequestId'),
      ...(needsRetryAfter && { 'Retry-After': ref('headers', 'RetryAfter') }),
      ...(isSession && { 'X-Session-Reason': ref('headers', 'SessionReason') }),
    },
    content: json(
      errorSchema({
        ...(closedStatuses.includes(status) && { code: { type: 'string', enum: codesOf(status) } }),
        ...(status === 400 && { field: { type: 'string' } }),
        ...(status === 403 && { reason: { type: 'string' }, methods: stepUpMethods }),
        ...(isSession && { reason: refusedReason, ended }),
        ...(status === 429 && { reason: { type: 'string', enum: Object.keys(limitReasons) } }),
        ...merge(openApiParts.map(({ errorFields }) => errorFields?.[status])),
      }),
    ),
  };
}

function errorSchema(properties: JsonObject, required: readonly string[] = []): JsonObject {
  return { allOf: [ref('schemas', 'Error'), { type: 'object', properties, required }] };
}
