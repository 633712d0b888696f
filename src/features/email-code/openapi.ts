/** The endpoints of the e-mail code. */
import type { OpenApiPart } from '../openapi-part.js';

export const openApi: OpenApiPart = {
  endpoints: {
    '/email-otp/send-verification-otp': {
      method: 'post',
      isPublic: true,
      success: {
        type: 'object',
        required: ['success'],
        properties: { success: { type: 'boolean' } },
      },
    },
    '/sign-in/email-otp': {
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
  errorFields: {
    400: {
      triesLeft: {
        type: 'integer',
        description: 'With the code CODE_WRONG: how many wrong codes are left in this browser.',
      },
    },
  },
};
