/** BetterAuth's side of administration: the role of the user and the operator behind an impersonated session. */
import type { AuthPart } from '../../auth/auth-part.js';

export function createAuthPart(): AuthPart {
  return {
    sessionFields: { impersonatedBy: { type: 'string', required: false, input: false } },
    plugins: [
      {
        id: 'admin',
        schema: { user: { fields: { role: { type: 'string', required: false, input: false } } } },
      },
    ],
  };
}
