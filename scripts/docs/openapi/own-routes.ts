/** The routes that are not BetterAuth's. */
import { openApiParts } from '../../../src/features/openapi.js';
import type { OpenApiRoute } from '../../../src/features/openapi-part.js';
import { isSignedIn, reasonTable, type Reason } from '../../../src/session/reasons.js';
import { ref, type JsonObject, type Operation, type Paths } from './json.js';
import { errors, success } from './responses.js';

const sessionSecurity = [{ sessionCookie: [] }, { bearer: [] }];

const readiness: JsonObject = {
  type: 'object',
  required: ['database'],
  properties: {
    database: { type: 'string', enum: ['ok', 'read-only', 'unavailable', 'unknown'] },
    migrations: { type: 'string', enum: ['ok', 'pending'] },
    limits: {
      type: 'string',
      enum: ['ok', 'unavailable'],
      description:
        'only where limits are counted outside the database; unavailable does not make the service not ready',
    },
    schema: { type: 'string', enum: ['ok', 'incomplete'] },
  },
};

const textSuccess: JsonObject = {
  description: 'Success',
  headers: { 'X-Request-Id': ref('headers', 'RequestId') },
  content: { 'text/plain': { schema: { type: 'string' } } },
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
  ...featureRoutes(),
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

function featureRoutes(): Paths {
  const routes = openApiParts.flatMap(({ routes = {} }) => Object.entries(routes));
  return Object.fromEntries(
    routes.map(([path, methods]) => [
      path,
      Object.fromEntries(
        Object.entries(methods).map(([method, route]) => [method, toOperation(route)]),
      ),
    ]),
  );
}

function toOperation({
  summary,
  security,
  parameters,
  requestBody,
  success: schema,
  errors: statuses,
}: OpenApiRoute): Operation {
  return {
    summary,
    tags: ['Service'],
    security: security.map((name) => ({ [name]: [] })),
    ...(parameters && { parameters }),
    ...(requestBody && { requestBody }),
    responses: {
      200: schema === 'text' ? textSuccess : success(schema),
      ...errors(...statuses),
    },
  };
}
