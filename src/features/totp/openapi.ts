/** The endpoints of second factors. */
import type { JsonObject, OpenApiPart } from '../openapi-part.js';

const status: JsonObject = { type: 'boolean', const: true };
const count: JsonObject = { type: 'integer', minimum: 0 };
const time: JsonObject = { type: 'string', format: 'date-time' };
const backupCodes: JsonObject = {
  type: 'array',
  items: { type: 'string', pattern: '^([0-9A-HJKMNP-TV-Z]{5}-){2}[0-9A-HJKMNP-TV-Z]{5}$' },
  minItems: 10,
  maxItems: 10,
  description: 'Shown once.',
};
const signedIn = {
  token: { type: 'string' },
  user: { $ref: '#/components/schemas/User' },
} as const;

function object(properties: Readonly<Record<string, JsonObject>>): JsonObject {
  return { type: 'object', required: Object.keys(properties), properties };
}

export const openApi: OpenApiPart = {
  endpoints: {
    '/two-factor/enable': {
      method: 'post',
      success: object({
        totpURI: { type: 'string', pattern: '^otpauth://totp/' },
        backupCodes,
        qrCode: { type: 'string', description: 'The URI as a QR code, in SVG.' },
      }),
    },
    '/two-factor/verify-totp': { method: 'post', success: object(signedIn) },
    '/two-factor/verify-backup-code': {
      method: 'post',
      success: object({ ...signedIn, backupCodesLeft: count }),
    },
    '/two-factor/generate-backup-codes': { method: 'post', success: object({ backupCodes }) },
    '/two-factor/disable': { method: 'post', success: object({ status }) },
    '/two-factor/status': {
      method: 'get',
      success: object({
        enabled: { type: 'boolean' },
        backupCodesLeft: count,
        required: { type: 'boolean', description: 'Whether every user must have one.' },
      }),
    },
    '/two-factor/trusted-devices': {
      method: 'get',
      success: {
        type: 'array',
        items: object({
          id: { type: 'string' },
          browser: { type: 'string', description: 'Such as `Firefox (Linux)`.' },
          createdAt: time,
          lastUsedAt: time,
          expiresAt: time,
          current: { type: 'boolean', description: 'Whether it is the browser that asks.' },
        }),
      },
    },
    '/two-factor/revoke-trusted-device': {
      method: 'post',
      success: object({ status, revoked: count }),
    },
    '/two-factor/revoke-trusted-devices': {
      method: 'post',
      success: object({ status, revoked: count }),
    },
  },
  bodyFields: {
    '/two-factor/enable': {
      password: { type: 'string', description: 'Needed if the latest proof is too old.' },
    },
    '/two-factor/generate-backup-codes': {
      password: { type: 'string', description: 'Needed if the latest proof is too old.' },
    },
    '/two-factor/disable': {
      password: { type: 'string', description: 'Needed if the latest proof is too old.' },
    },
    '/two-factor/verify-totp': {
      trustDevice: {
        type: 'boolean',
        description: 'Whether this browser may skip the second factor for 30 days.',
      },
    },
    '/two-factor/verify-backup-code': {
      trustDevice: {
        type: 'boolean',
        description: 'Whether this browser may skip the second factor for 30 days.',
      },
    },
  },
  userFields: {
    twoFactorEnabled: {
      type: 'boolean',
      description: 'Whether the user has set up an authenticator app.',
    },
  },
  errorFields: {
    400: {
      differenceSeconds: {
        type: 'integer',
        description:
          'With the code TOTP_CLOCK_DIFFERS: by how much the clock of the device is ahead; negative if it is behind.',
      },
    },
  },
};
