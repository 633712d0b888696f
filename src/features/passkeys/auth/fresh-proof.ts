/** What changes the ways in needs a proof of the last ten minutes: a stolen session must not outlast its owner's next one. */
import { APIError } from 'better-auth/api';
import type { Session } from 'better-auth';
import type { SessionProofs } from '../../../session/proof.js';

const freshForMs = 600_000;

/** @throws APIError 403 */
export function requireFreshProof({ session }: { readonly session: Session }): void {
  const { provenAt } = session as Session & Pick<SessionProofs, 'provenAt'>;
  if (Date.now() - provenAt.getTime() < freshForMs) return;
  throw new APIError('FORBIDDEN', {
    code: 'SESSION_NOT_FRESH',
    reason: 'not_fresh',
    message: 'Session is not fresh',
  });
}
