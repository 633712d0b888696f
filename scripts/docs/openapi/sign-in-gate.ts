/** What sessions say about their proofs, and the response of a sign-in that needs a second factor. */
import { startsSession } from '../../../src/auth/first-factors.js';
import { ref, type Json, type JsonObject } from './json.js';

const methods = [
  'password',
  'link',
  'code',
  'provider',
  'recovery',
  'passkey',
  'totp',
  'backup_code',
];

/** In place of BetterAuth's description, which has no items. */
export const proofFields: JsonObject = {
  aal: { type: 'integer', enum: [1, 2], description: '2 after two factors, or a passkey.' },
  methods: {
    type: 'array',
    description: 'How the user has proven who they are, the oldest first.',
    items: {
      type: 'object',
      properties: {
        method: { type: 'string', enum: methods },
        provenAt: { type: 'string', format: 'date-time' },
      },
      required: ['method', 'provenAt'],
    },
  },
};

export const secondFactorSchemas: JsonObject = {
  SecondFactorDue: {
    type: 'object',
    description:
      'The first factor is verified, but the session signs in only after the second one. `enrol`: one has to be set up.',
    properties: {
      twoFactorRedirect: { const: true },
      twoFactorMethods: { type: 'array', items: { type: 'string' } },
      secondFactor: { type: 'string', enum: ['verify', 'enrol'] },
    },
    required: ['twoFactorRedirect', 'twoFactorMethods', 'secondFactor'],
  },
};

/** The success of an endpoint: the one of a sign-in has an alternative. */
export function withSecondFactor(path: string, success: Json): Json {
  if (!startsSession.includes(path)) return success;
  return { anyOf: [success, ref('schemas', 'SecondFactorDue')] };
}
