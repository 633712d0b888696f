/**
 * BetterAuth's endpoints, as its own OpenAPI plugin describes them, reduced to those that this service offers and
 * corrected where the description differs from the response. `npm run check:api` compares it with a running service.
 */
import { betterAuth } from 'better-auth';
import { getAuthTables } from 'better-auth/db';
import { openAPI } from 'better-auth/plugins';
import { authBasePath } from '../../../src/auth/auth-constants.js';
import { maximumPasswordLength, minimumPasswordLength } from '../../../src/auth/password.js';
import { everyFeatureOn } from '../../../tests/support/every-feature.js';
import { optionsFor } from '../../../tests/support/options-for.js';
import { openApiParts } from '../../../src/features/openapi.js';
import type { OpenApiEndpoint } from '../../../src/features/openapi-part.js';
import type { Json, JsonObject, Operation, Paths } from './json.js';
import { proofFields, secondFactorSchemas, withSecondFactor } from './sign-in-gate.js';
import { json, merge, ref } from './json.js';
import { errors, success } from './responses.js';
import { stepUpEndpoints } from './step-up.js';

/** Always offered. */
const coreEndpoints: Readonly<Record<string, OpenApiEndpoint | readonly OpenApiEndpoint[]>> = {
  '/sign-up/email': { method: 'post', isPublic: true },
  '/sign-in/email': { method: 'post', isPublic: true },
  '/sign-out': {
    method: 'post',
    success: {
      type: 'object',
      required: ['success'],
      properties: { success: { type: 'boolean', const: true } },
    },
  },
  '/get-session': { method: 'get' },
  '/list-sessions': { method: 'get' },
  '/revoke-session': { method: 'post' },
  '/revoke-sessions': { method: 'post' },
  '/revoke-other-sessions': { method: 'post' },
  '/change-password': { method: 'post' },
  '/verify-password': { method: 'post' },
  '/step-up': stepUpEndpoints,
  '/update-user': {
    method: 'post',
    success: {
      type: 'object',
      required: ['status'],
      properties: { status: { type: 'boolean' } },
    },
  },
  '/delete-user': {
    method: 'post',
    success: {
      type: 'object',
      required: ['success', 'message'],
      properties: {
        success: { type: 'boolean', const: true },
        message: {
          type: 'string',
          enum: ['User deleted', 'Deletion scheduled', 'Verification email sent'],
        },
        deleteAfter: { type: 'string', format: 'date-time' },
      },
    },
  },
  '/list-accounts': { method: 'get' },
  '/unlink-account': { method: 'post' },
  '/ok': { method: 'get', isPublic: true },
};

/** Offered while a feature is on. */
const featureEndpoints = merge(openApiParts.map(({ endpoints }) => endpoints));

const offered = { ...coreEndpoints, ...featureEndpoints };

/** Not offered yet: what they belong to is switched off. A new endpoint of BetterAuth has to be put into one list. */
const notOffered: readonly string[] = [
  // a redirect of a browser, of the feature redirect-sign-in
  '/callback/{id}',
  '/redirect/finish',
  // they would hand out a provider's tokens
  '/refresh-token',
  '/get-access-token',
  '/account-info',
  // replaced by endpoints whose links are redeemed by a POST
  '/reset-password/{token}',
  '/delete-user/callback',
  // additional fields of a session
  '/update-session',
];

/** Limits of src/http/field-rules.ts and src/auth/password.ts that JSON Schema can express. */
const fieldLimits: Readonly<Record<string, JsonObject>> = {
  email: { format: 'email', maxLength: 254 },
  name: { maxLength: 200 },
  image: { format: 'uri', maxLength: 2_048 },
  password: { minLength: minimumPasswordLength, maxLength: maximumPasswordLength },
  newPassword: { minLength: minimumPasswordLength, maxLength: maximumPasswordLength },
  token: { maxLength: 4_096 },
  callbackURL: { format: 'uri-reference', maxLength: 2_048 },
};

interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DescribedOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonObject>> };
  /** Fields of the user that no response has. */
  readonly hiddenFields: readonly string[];
}

interface DescribedOperation {
  readonly description: string;
  readonly requestBody?: {
    readonly content: { readonly 'application/json': { readonly schema: JsonObject } };
  };
  readonly responses: Readonly<Record<string, JsonObject>>;
}

export async function describeBetterAuth(): Promise<{ paths: Paths; schemas: JsonObject }> {
  const { paths, components, hiddenFields } = await readDescription();
  const unknown = Object.keys(paths).filter(
    (path) => !(path in offered) && !notOffered.includes(path),
  );
  if (unknown.length > 0) {
    throw new Error(`neither offered nor not offered: ${unknown.join(', ')} (better-auth.ts)`);
  }
  return {
    paths: Object.fromEntries(
      Object.entries(offered).map(([path, endpoints]) => {
        const operations = [endpoints].flat().map((endpoint) => {
          const { method } = endpoint;
          const operation = paths[path]?.[method];
          if (operation === undefined) throw new Error(`BetterAuth has no ${method} ${path}`);
          return [method, toOperation(path, endpoint, operation)] as const;
        });
        return [authBasePath + path, Object.fromEntries(operations)];
      }),
    ),
    schemas: describeTables(components.schemas, hiddenFields),
  };
}

/** From a BetterAuth with this service's options; its database is never reached. */
async function readDescription(): Promise<Description> {
  const { options } = await optionsFor(everyFeatureOn);
  const auth = betterAuth({ ...options, plugins: [...options.plugins, openAPI()] });
  const { paths, components } = (await auth.api.generateOpenAPISchema()) as unknown as Description;
  const { user, session } = getAuthTables(options);
  const fields = [user, session].flatMap((table) => Object.entries(table?.fields ?? {}));
  const hidden = fields.filter(([, { returned }]) => returned === false);
  return { paths, components, hiddenFields: hidden.map(([name]) => name) };
}

function toOperation(
  path: string,
  { method, isPublic = false, success: corrected, summary, errors: own = [] }: OpenApiEndpoint,
  described: DescribedOperation,
): Operation {
  const isOptional = path === '/get-session' || path === '/sign-out';
  const body = described.requestBody?.content['application/json'].schema;
  // This service's own endpoints declare no response: openapi.ts of their feature does.
  const response = described.responses['200'] as
    { content?: Record<string, JsonObject> } | undefined;
  const schema = corrected ?? response?.content?.['application/json']?.schema ?? {};
  return {
    summary: summary ?? described.description,
    tags: ['BetterAuth'],
    security: isPublic ? [] : [{ sessionCookie: [] }, { bearer: [] }],
    ...(body !== undefined && {
      requestBody: {
        required: 'required' in body,
        content: json(describeBody(path, modernize(body) as JsonObject)),
      },
    }),
    responses: {
      200: withReason(path, success(withSecondFactor(path, modernize(schema)))),
      ...errors(400, 403, 429, 500, 503),
      ...(method === 'post' && errors(413, 415)),
      ...(path === '/sign-up/email' && errors(422)),
      ...errors(...own),
      ...((!isPublic || path === '/sign-in/email') && path !== '/get-session' && errors(401)),
      ...(path in featureEndpoints && errors(404)),
    },
    ...(isOptional && { description: 'Needs no session.' }),
  };
}

/** The body with the limits of its fields, and with the fields of features. */
function describeBody(path: string, body: JsonObject): JsonObject {
  const properties = Object.entries((body.properties ?? {}) as Record<string, JsonObject>);
  const limited = properties.map(([name, schema]) => [name, { ...schema, ...fieldLimits[name] }]);
  const added = openApiParts.map(({ bodyFields }) => bodyFields?.[path]);
  return {
    ...body,
    properties: { ...(Object.fromEntries(limited) as JsonObject), ...merge(added) },
  };
}

function withReason(path: string, response: JsonObject): JsonObject {
  if (path !== '/get-session') return response;
  const headers = {
    'X-Request-Id': ref('headers', 'RequestId'),
    'X-Session-Reason': ref('headers', 'SessionReason'),
  };
  return { ...response, headers };
}

/**
 * `User` and `Session`, whose optional fields are null where they have no value, and `Session` as /session shows it.
 */
function describeTables(
  schemas: Description['components']['schemas'],
  hiddenFields: Description['hiddenFields'],
): JsonObject {
  const [user, session] = [schemas.User, schemas.Session].map((schema) => withNullable(schema));
  const userFields = merge(openApiParts.map(({ userFields: fields }) => fields));
  const sessionFields = {
    ...without(session?.properties as JsonObject, ...hiddenFields),
    ...proofFields,
  };
  const properties = without(sessionFields, 'token');
  const required = (session?.required as string[]).filter((name) => name !== 'token');
  return {
    User: {
      ...user,
      properties: { ...without(user?.properties as JsonObject, ...hiddenFields), ...userFields },
    },
    Session: { ...session, properties: sessionFields },
    SessionWithoutToken: { type: 'object', properties, required },
    ...secondFactorSchemas,
  };
}

function withNullable(schema: JsonObject = {}): JsonObject {
  const required = schema.required as readonly string[];
  const properties = Object.entries(schema.properties as Record<string, JsonObject>).map(
    ([name, described]) => {
      const property = without(described, 'readOnly', 'default'); // both concern requests
      // `json` is BetterAuth's type of a field, and none of JSON Schema.
      const type = property.type === 'json' ? 'object' : (property.type ?? 'string');
      return [name, required.includes(name) ? property : { ...property, type: [type, 'null'] }];
    },
  );
  return { ...schema, properties: Object.fromEntries(properties) as JsonObject };
}

function without(object: JsonObject, ...names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}

/** OpenAPI 3.0's `nullable` as 3.1 has it, at any depth. */
function modernize(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map((inner: Json) => modernize(inner));
  if (typeof schema !== 'object' || schema === null) return schema;
  const entries = Object.entries(schema).map(([name, inner]) => [name, modernize(inner)] as const);
  const modern = without(Object.fromEntries(entries), 'nullable');
  return 'nullable' in schema ? { ...modern, type: [modern.type ?? 'string', 'null'] } : modern;
}
