/** The endpoints that change the address. */
import type { JsonObject, OpenApiPart } from '../openapi-part.js';

const status: JsonObject = { type: 'boolean', const: true };

export const openApi: OpenApiPart = {
  endpoints: {
    '/change-email': {
      method: 'post',
      summary: 'Mail a link to a new e-mail address; redeeming it changes the address',
      success: { type: 'object', required: ['status'], properties: { status } },
    },
    '/change-email/verify': {
      method: 'post',
      summary: 'Redeem the link in the new mailbox: changes the address',
      errors: [403, 409],
      isPublic: true,
      success: {
        type: 'object',
        required: ['status', 'user'],
        properties: { status, user: { $ref: '#/components/schemas/User' } },
      },
    },
    '/change-email/undo': {
      method: 'post',
      summary: 'Redeem the link in the old mailbox: puts the address back and ends all sessions',
      errors: [409],
      isPublic: true,
      success: {
        type: 'object',
        required: ['status', 'resetToken'],
        properties: {
          status,
          resetToken: { type: 'string', description: 'The token for `/reset-password`.' },
        },
      },
    },
  },
  bodyFields: {
    '/change-email/verify': {
      password: {
        type: 'string',
        description: 'Required in a browser that is not signed in to the account.',
      },
    },
    '/change-email': {
      password: { type: 'string', description: 'Required if the account has one.' },
    },
  },
};
