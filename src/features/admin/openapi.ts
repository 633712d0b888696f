/** The API for operators, from the table of its routes. */
import type { JsonObject, OpenApiPart, OpenApiRoute } from '../openapi-part.js';
import {
  apiPath,
  apiRoutes,
  stopImpersonatingPath,
  type ApiRoute,
  type ApiRouteName,
} from './api-routes.js';

const text: JsonObject = { type: 'string' };
const integer: JsonObject = { type: 'integer', minimum: 1 };
const days = { ...integer, description: 'Leaves out what is older; 90 by default' };

const filters = { kind: text, outcome: text, reason: text };

/** Fields of the query of a GET, and of the body of a POST. None is required except where `required` says so. */
const fields: Partial<Record<ApiRouteName, Readonly<Record<string, JsonObject>>>> = {
  findUsers: {
    q: {
      ...text,
      description: 'The beginning of the address, an id, or the fingerprint of a session',
    },
    email: { ...text, description: 'The beginning of the address' },
    id: text,
    session: { ...text, description: 'The fingerprint of a session, as in the log' },
    after: { ...text, description: '`next` of the page before' },
    limit: integer,
  },
  showStory: { limit: integer, days },
  explain: {
    email: text,
    session: { ...text, description: 'The fingerprint of a session, as in the log' },
    id: { ...text, description: 'Of a request, a mail or a user' },
    limit: integer,
    days,
  },
  listEvents: {
    ...filters,
    before: { type: 'string', format: 'date-time' },
    hours: integer,
    limit: integer,
  },
  countEvents: {
    ...filters,
    hours: integer,
    bucket: { ...text, enum: ['five_minutes', 'hour', 'six_hours', 'day'] },
  },
  listFailingChecks: { hours: integer },
  signOut: { sessionId: { ...text, description: 'Only this session' } },
  setPassword: { password: text },
  impersonate: { reason: { ...text, description: 'Kept in the audit trail' } },
};

const required: Partial<Record<ApiRouteName, readonly string[]>> = {
  setPassword: ['password'],
  impersonate: ['reason'],
};

const list: JsonObject = { type: 'array', items: { type: 'object' } };
const count: JsonObject = { type: 'integer' };
const has = (properties: JsonObject): JsonObject => ({
  type: 'object',
  required: Object.keys(properties),
  properties,
});

/** Why limits are left out; null if they were read. */
const limitsUnavailable: JsonObject = {
  type: ['object', 'null'],
  properties: { code: text, message: text, fix: text },
};

const story = has({
  user: { type: ['object', 'null'] },
  events: list,
  diagnosis: has({ code: text, sentence: text, fix: text }),
  limitsUnavailable,
  older: { type: ['object', 'null'], description: 'What the story leaves out' },
});

const successes: Record<ApiRouteName, JsonObject> = {
  findUsers: has({ users: list, next: { type: ['string', 'null'] } }),
  showUser: has({
    user: { type: 'object' },
    sessions: list,
    secondFactors: { type: 'array', items: text },
    passkeys: list,
    logins: list,
    mails: list,
    limits: list,
    limitsUnavailable,
  }),
  showStory: story,
  explain: story,
  listEvents: has({ events: list }),
  countEvents: has({ bucket: text, since: text, isTruncated: { type: 'boolean' }, counts: list }),
  listFailingChecks: has({ since: text, checks: list }),
  lock: has({ sessionsEnded: count }),
  unlock: has({ wasLocked: { type: 'boolean' }, limitsLifted: count }),
  signOut: has({ sessionsEnded: count }),
  liftLimits: has({ limitsLifted: count }),
  setPassword: has({ sessionsEnded: count }),
  mailPasswordReset: has({ mailId: text }),
  removeFactors: has({
    removed: { type: 'array', items: text },
    sessionsEnded: count,
    isNotified: { type: 'boolean' },
  }),
  verifyEmail: has({ wasVerified: { type: 'boolean' } }),
  deleteUser: has({ sessionsEnded: count }),
  impersonate: has({ expiresAt: text, isNotified: { type: 'boolean' } }),
  exportUser: has({
    exportedAt: text,
    userId: text,
    tables: { type: 'object' },
    truncatedTables: { type: 'array', items: text },
    leftOut: { type: 'object' },
  }),
};

function describe(name: ApiRouteName): [string, Record<string, OpenApiRoute>] {
  const { method, path, summary }: ApiRoute = apiRoutes[name];
  const isGet = method === 'GET';
  const own = fields[name] ?? {};
  const inPath = path.includes(':id')
    ? [{ name: 'id', in: 'path', required: true, schema: text }]
    : [];
  const inQuery = Object.entries(own).map(([field, schema]) => ({
    name: field,
    in: 'query',
    schema,
  }));
  const schema: JsonObject = {
    type: 'object',
    properties: own,
    additionalProperties: false,
    ...(required[name] && { required: required[name] }),
  };
  const route: OpenApiRoute = {
    summary: `${summary}. Needs \`ADMIN=on\` and the role \`admin\``,
    security: ['sessionCookie'],
    parameters: [...inPath, ...(isGet ? inQuery : [])],
    ...(!isGet && { requestBody: { content: { 'application/json': { schema } } } }),
    success: successes[name],
    errors: isGet ? [400, 401, 403, 404, 503] : [400, 401, 403, 404, 409, 413, 415, 503],
  };
  return [apiPath + path.replace(':id', '{id}'), { [method.toLowerCase()]: route }];
}

export const openApi: OpenApiPart = {
  routes: {
    ...Object.fromEntries((Object.keys(apiRoutes) as ApiRouteName[]).map(describe)),
    [stopImpersonatingPath]: {
      post: {
        summary: 'Ends the impersonated session, and gives the operator their own one back',
        security: ['sessionCookie'],
        success: has({ restored: { type: 'boolean' } }),
        errors: [401, 403, 409, 413, 415, 503],
      },
    },
  },
  userFields: {
    role: {
      type: ['string', 'null'],
      description: 'Roles, separated by commas; null for a user without one. With `ADMIN=on`.',
    },
  },
};
