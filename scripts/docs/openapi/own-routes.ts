/** The routes that are not BetterAuth's. */
import { isSignedIn, reasonTable, type Reason } from '../../../src/session/reasons.js';
import { ref, type JsonObject, type Paths } from './json.js';
import { errors, success } from './responses.js';

const sessionSecurity = [{ sessionCookie: [] }, { bearer: [] }];
const tokenSecurity = [{ diagnosticsToken: [] }];

const readiness: JsonObject = {
  type: 'object',
  required: ['database'],
  properties: {
    database: { type: 'string', enum: ['ok', 'read-only', 'unavailable', 'unknown'] },
    migrations: { type: 'string', enum: ['ok', 'pending'] },
    schema: { type: 'string', enum: ['ok', 'incomplete'] },
  },
};

const signedInReasons = (Object.keys(reasonTable) as Reason[]).filter(isSignedIn);

export const ownRoutes: Paths = {
  '/session': {
    get: {
      summary: 'Who is calling; for servers. Never writes and never sets a cookie',
      tags: ['Service'],
      security: sessionSecurity,
      responses: {
        200: {
          ...success({
            type: 'object',
            required: ['session', 'user'],
            properties: {
              session: ref('schemas', 'SessionWithoutToken'),
              user: ref('schemas', 'User'),
            },
          }),
          headers: {
            'X-Request-Id': ref('headers', 'RequestId'),
            'X-Session-Reason': {
              required: true,
              schema: { type: 'string', enum: signedInReasons },
            },
          },
        },
        401: ref('responses', 'NotSignedIn'),
        ...errors(503),
      },
    },
  },
  '/health': {
    get: {
      summary: 'Liveness: the process responds. Performs no I/O',
      tags: ['Service'],
      security: [],
      responses: {
        200: success({
          type: 'object',
          required: ['status'],
          properties: { status: { type: 'string', const: 'ok' } },
        }),
      },
    },
  },
  '/ready': {
    get: {
      summary: 'Readiness: the database responds, is migrated and matches the schema',
      tags: ['Service'],
      security: [],
      responses: {
        200: success({
          type: 'object',
          required: ['status', 'checks'],
          properties: { status: { type: 'string', const: 'ready' }, checks: readiness },
        }),
        503: ref('responses', 'NotReady'),
      },
    },
  },
  '/diagnostics': {
    get: {
      summary:
        'The startup report as it is now, and session checks by reason. Needs DIAGNOSTICS_TOKEN',
      tags: ['Service'],
      security: tokenSecurity,
      responses: {
        200: success({
          type: 'object',
          required: ['time', 'startup', 'verdicts', 'client'],
          properties: {
            time: { type: 'string', format: 'date-time' },
            startup: { type: 'object' },
            verdicts: {
              type: 'object',
              required: ['since', 'counts'],
              properties: {
                since: { type: 'string', format: 'date-time' },
                counts: { type: 'object', additionalProperties: { type: 'integer' } },
              },
            },
            client: { type: 'object' },
          },
        }),
        ...errors(401, 404, 500),
      },
    },
  },
  '/metrics': {
    get: {
      summary: 'Counters in Prometheus format. Needs DIAGNOSTICS_TOKEN',
      tags: ['Service'],
      security: tokenSecurity,
      responses: {
        200: {
          description: 'Success',
          headers: { 'X-Request-Id': ref('headers', 'RequestId') },
          content: { 'text/plain': { schema: { type: 'string' } } },
        },
        ...errors(401, 404, 500),
      },
    },
  },
};

/** `NotReady`: a 503 that says which part is not ready. */
export const ownResponses: JsonObject = {
  NotReady: {
    description: 'Not ready; `checks` and `parts` say what is missing.',
    headers: {
      'X-Request-Id': ref('headers', 'RequestId'),
      'Retry-After': ref('headers', 'RetryAfter'),
    },
    content: {
      'application/json': {
        schema: {
          allOf: [
            ref('schemas', 'Error'),
            {
              type: 'object',
              required: ['checks'],
              properties: {
                code: { type: 'string', const: 'NOT_READY' },
                checks: readiness,
                parts: { type: 'array', items: { type: 'string' } },
              },
            },
          ],
        },
      },
    },
  },
};
