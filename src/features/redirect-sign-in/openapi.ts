/** The endpoints and routes of redirects. */
import type { JsonObject, OpenApiPart } from '../openapi-part.js';

const signedIn: JsonObject = {
  type: 'object',
  required: ['token', 'user'],
  properties: {
    token: { type: 'string' },
    user: { $ref: '#/components/schemas/User' },
    newUser: { type: 'boolean', description: 'The account was created just now.' },
    linked: { type: 'boolean', description: 'The login was linked to the account.' },
  },
};
const status: JsonObject = {
  type: 'object',
  required: ['status'],
  properties: { status: { type: 'boolean' } },
};

export const openApi: OpenApiPart = {
  endpoints: {
    '/redirect/redeem': { method: 'post', isPublic: true, success: signedIn, errors: [409] },
    '/redirect/prove': { method: 'post', isPublic: true, success: status },
    '/redirect/confirm': { method: 'post', isPublic: true, success: signedIn },
    '/redirect/ticket': {
      method: 'post',
      success: {
        type: 'object',
        required: ['ticket'],
        properties: { ticket: { type: 'string' } },
      },
    },
    '/sign-in/social': {
      method: 'post',
      isPublic: true,
      success: {
        type: 'object',
        required: ['url', 'redirect'],
        properties: { url: { type: 'string' }, redirect: { type: 'boolean' } },
      },
    },
    '/link-social': {
      method: 'post',
      success: {
        type: 'object',
        required: ['url', 'redirect'],
        properties: { url: { type: 'string' }, redirect: { type: 'boolean' } },
      },
    },
  },
  errorFields: {
    403: {
      next: {
        type: 'object',
        description:
          'With the reasons email_missing, email_unverified and account_exists_with_password: what the page can offer.',
        properties: {
          password: { type: 'boolean' },
          mail: { type: 'boolean' },
          email: { type: 'boolean' },
          address: { type: 'string' },
        },
      },
    },
  },
};
