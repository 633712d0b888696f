/** BetterAuth's endpoints of JSON Web Tokens. */
import type { OpenApiPart } from '../openapi-part.js';

export const openApi: OpenApiPart = {
  endpoints: {
    '/token': { method: 'get' },
    '/jwks': { method: 'get', isPublic: true },
  },
};
