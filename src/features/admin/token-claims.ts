/** What a JSON Web Token says of the role, and of an operator who acts as the user (`act`, RFC 8693, 4.1). */
import type { TokenClaims } from '../slots.js';

export function createRoleClaims(): TokenClaims {
  return ({ role }, { impersonatedBy }) => ({
    role: role ?? null,
    ...(typeof impersonatedBy === 'string' && { act: { sub: impersonatedBy } }),
  });
}
