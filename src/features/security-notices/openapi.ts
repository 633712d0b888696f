/** The endpoint of the link "That was not me". */
import type { OpenApiPart } from '../openapi-part.js';

export const openApi: OpenApiPart = {
  endpoints: {
    '/security-notices/not-me': {
      method: 'post',
      summary: 'Redeem the link of a notice: ends all access and begins a password reset',
      isPublic: true,
      success: {
        type: 'object',
        required: ['status', 'resetToken'],
        properties: {
          status: { type: 'boolean', const: true },
          resetToken: { type: 'string', description: 'The token for `/reset-password`.' },
        },
      },
    },
  },
};
