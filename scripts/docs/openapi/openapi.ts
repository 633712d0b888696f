/** `docs/openapi.json`: every route of the service, with every response it gives. */
import { format } from 'prettier';
import { cookiePrefix } from '../../../src/config/cookie-policy.js';
import { openApiParts } from '../../../src/features/openapi.js';
import { describeBetterAuth } from './better-auth.js';
import { merge, type JsonObject, type Paths } from './json.js';
import { ownResponses, ownRoutes } from './own-routes.js';
import { headers, responses, schemas } from './responses.js';

const securitySchemes: JsonObject = {
  sessionCookie: {
    type: 'apiKey',
    in: 'cookie',
    name: `${cookiePrefix}.session_token`,
    description: 'The session cookie; over https its name starts with `__Secure-`.',
  },
  ...merge(openApiParts.map(({ securitySchemes: schemes }) => schemes)),
};

export async function describeRoutes(): Promise<Paths> {
  return { ...ownRoutes, ...(await describeBetterAuth()).paths };
}

export async function openApiDocument(): Promise<string> {
  const betterAuth = await describeBetterAuth();
  const document = {
    openapi: '3.1.1',
    info: {
      title: 'auth-service',
      version: '1',
      description:
        'Sign-up, sign-in and sessions. Requests that change something need an `Origin` that is trusted.',
    },
    servers: [{ url: 'http://localhost:3001' }],
    tags: [
      { name: 'Service', description: 'Routes of this service' },
      { name: 'BetterAuth', description: "BetterAuth's endpoints" },
    ],
    paths: { ...ownRoutes, ...betterAuth.paths },
    components: {
      securitySchemes,
      headers,
      schemas: { ...schemas, ...betterAuth.schemas },
      responses: { ...responses, ...ownResponses },
    },
  };
  return format(JSON.stringify(document), { parser: 'json', printWidth: 100 });
}
