/** BetterAuth's side of bearer tokens: its plugin, which puts a signed token into the session cookie's place. */
import { bearer } from 'better-auth/plugins';
import type { AuthPart } from '../../auth/auth-part.js';

export function createAuthPart(settings: { readonly requireSignature: boolean }): AuthPart {
  return { plugins: [bearer(settings)] };
}
