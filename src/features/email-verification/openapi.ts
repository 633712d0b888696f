/** The endpoints of the e-mail verification. */
import type { JsonObject, OpenApiPart } from '../openapi-part.js';

const status: JsonObject = { type: 'boolean', const: true };

export const openApi: OpenApiPart = {
  endpoints: {
    '/send-verification-email': {
      method: 'post',
      summary: 'Mail another link that proves the address; the response is alike for unknown ones',
      isPublic: true,
      success: { type: 'object', required: ['status'], properties: { status } },
    },
    '/verify-email': {
      method: 'post',
      summary: 'Redeem the link: proves the address and signs in',
      errors: [403],
      isPublic: true,
      success: {
        type: 'object',
        required: ['token', 'user'],
        properties: { token: { type: 'string' }, user: { $ref: '#/components/schemas/User' } },
      },
    },
  },
};
