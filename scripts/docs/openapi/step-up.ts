/** `/step-up`, which one path describes twice. */
import type { OpenApiEndpoint } from '../../../src/features/openapi-part.js';
import type { JsonObject } from './json.js';
import { proofFields } from './sign-in-gate.js';

/** Error responses have them too, where a step-up helps. */
export const stepUpMethods: JsonObject = {
  type: 'array',
  description: 'With what the user can step up; empty: only by signing in again.',
  items: { type: 'string', enum: ['password', 'totp', 'backup_code', 'passkey'] },
};

const provenAt: JsonObject = {
  type: 'string',
  format: 'date-time',
  description: 'The time of the latest proof.',
};
const { aal, methods } = proofFields;

export const stepUpEndpoints: readonly OpenApiEndpoint[] = [
  {
    method: 'get',
    summary: 'With what the user of the session can prove again who they are',
    success: {
      type: 'object',
      required: ['methods', 'aal', 'provenAt'],
      properties: { methods: stepUpMethods, aal: aal ?? null, provenAt },
    },
  },
  {
    method: 'post',
    summary:
      'Prove again who the user of the session is: renews the proof, and may raise the level',
    success: {
      type: 'object',
      required: ['token', 'session'],
      properties: {
        token: { type: 'string' },
        session: {
          type: 'object',
          required: ['aal', 'methods', 'provenAt'],
          properties: { aal: aal ?? null, methods: methods ?? null, provenAt },
        },
      },
    },
  },
];
