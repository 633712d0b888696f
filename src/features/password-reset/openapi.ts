/** The endpoints of the password reset. */
import type { JsonObject, OpenApiPart } from '../openapi-part.js';

const status: JsonObject = { type: 'boolean', const: true };

export const openApi: OpenApiPart = {
  endpoints: {
    '/request-password-reset': {
      method: 'post',
      summary: 'Mail a link to choose a new password; the response is alike for unknown addresses',
      isPublic: true,
      success: { type: 'object', required: ['status'], properties: { status } },
    },
    '/reset-password': {
      method: 'post',
      summary: 'Redeem the link: stores the new password, ends all sessions and signs in',
      isPublic: true,
      success: {
        type: 'object',
        required: ['token', 'user'],
        properties: { token: { type: 'string' }, user: { $ref: '#/components/schemas/User' } },
      },
    },
  },
};
