/** The endpoints of the magic link. */
import type { OpenApiPart } from '../openapi-part.js';

export const openApi: OpenApiPart = {
  endpoints: {
    '/sign-in/magic-link': {
      method: 'post',
      isPublic: true,
      success: {
        type: 'object',
        required: ['status'],
        properties: { status: { type: 'boolean' } },
      },
    },
    '/magic-link/verify': {
      method: 'post',
      isPublic: true,
      success: {
        type: 'object',
        required: ['token', 'user'],
        properties: {
          token: { type: 'string' },
          user: { $ref: '#/components/schemas/User' },
        },
      },
    },
  },
};
