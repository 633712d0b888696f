/** The endpoints of passkeys. */
import type { JsonObject, OpenApiPart } from '../openapi-part.js';

const text: JsonObject = { type: 'string' };
const time: JsonObject = { type: 'string', format: 'date-time' };

const passkeyFields: JsonObject = {
  id: text,
  name: { type: ['string', 'null'] },
  userId: text,
  credentialID: { type: 'string', description: 'Base64url.' },
  deviceType: { type: 'string', enum: ['singleDevice', 'multiDevice'] },
  backedUp: { type: 'boolean', description: 'Whether it is synchronized.' },
  transports: { type: 'string', description: 'Separated by commas.' },
  aaguid: { type: 'string', description: 'The model of the authenticator, or zeros.' },
  createdAt: time,
  lastUsedAt: { type: ['string', 'null'], format: 'date-time' },
};
const passkey: JsonObject = {
  type: 'object',
  required: Object.keys(passkeyFields),
  properties: passkeyFields,
};

const proofs: JsonObject = {
  aal: { type: 'integer', enum: [1, 2] },
  methods: {
    type: 'array',
    items: {
      type: 'object',
      required: ['method', 'provenAt'],
      properties: { method: text, provenAt: time },
    },
  },
  provenAt: time,
};

const response: JsonObject = {
  type: 'object',
  description: 'The credential of the browser, as `PublicKeyCredential.toJSON()` returns it.',
};

export const openApi: OpenApiPart = {
  endpoints: {
    '/passkey/generate-register-options': {
      method: 'get',
      success: {
        type: 'object',
        required: ['challenge', 'rp', 'user', 'pubKeyCredParams'],
        description: 'PublicKeyCredentialCreationOptionsJSON of WebAuthn.',
      },
    },
    '/passkey/verify-registration': {
      method: 'post',
      errors: [409],
      success: {
        type: 'object',
        required: [...Object.keys(passkeyFields), 'token'],
        properties: {
          ...passkeyFields,
          token: { type: 'string', description: 'The new token of the session.' },
          session: {
            type: 'object',
            description: 'The proofs of the session; absent where this completes a sign-in.',
            properties: proofs,
          },
          user: {
            $ref: '#/components/schemas/User',
            description: 'Only where this completes a sign-in.',
          },
        },
      },
    },
    '/passkey/generate-authenticate-options': {
      method: 'get',
      isPublic: true,
      success: {
        type: 'object',
        required: ['challenge', 'rpId', 'userVerification'],
        description: 'PublicKeyCredentialRequestOptionsJSON of WebAuthn.',
      },
    },
    '/passkey/verify-authentication': {
      method: 'post',
      isPublic: true,
      errors: [401],
      success: {
        type: 'object',
        required: ['token', 'user', 'session'],
        properties: {
          token: text,
          user: { $ref: '#/components/schemas/User' },
          session: { $ref: '#/components/schemas/Session' },
        },
      },
    },
    '/passkey/list-user-passkeys': {
      method: 'get',
      success: { type: 'array', items: passkey },
    },
    '/passkey/update-passkey': {
      method: 'post',
      success: { type: 'object', required: ['passkey'], properties: { passkey } },
    },
    '/passkey/delete-passkey': {
      method: 'post',
      errors: [409],
      success: {
        type: 'object',
        required: ['status'],
        properties: { status: { type: 'boolean', const: true } },
      },
    },
  },
  bodyFields: {
    '/passkey/verify-registration': { response },
    '/passkey/verify-authentication': { response },
  },
};
