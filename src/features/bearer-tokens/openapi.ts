/** The credential that bearer tokens add. */
import type { OpenApiPart } from '../openapi-part.js';

export const openApi: OpenApiPart = {
  securitySchemes: {
    bearer: {
      type: 'http',
      scheme: 'bearer',
      description: 'The signed token of the `set-auth-token` header, with BEARER_TOKENS=on.',
    },
  },
};
