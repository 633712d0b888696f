/** Why a call needs a newer or stronger proof than the session has: by the service's reason, its code, or RFC 9470. */
import { isObject } from '../response-shapes.js';

/** `not_fresh`: proven too long ago; `aal2_required`: without a second factor. */
export type StepUpReason = 'not_fresh' | 'aal2_required';

/** @param failure of the service, or the JSON of an API */
export function stepUpReasonOf(failure: {
  readonly reason?: unknown;
  readonly code?: unknown;
}): StepUpReason | undefined {
  const { reason, code } = failure;
  if (reason === 'not_fresh' || code === 'SESSION_NOT_FRESH') return 'not_fresh';
  if (reason === 'aal2_required' || code === 'SECOND_FACTOR_REQUIRED') return 'aal2_required';
  return undefined;
}

/** Of an API: its JSON, in FastAPI's `detail` or not, or its `WWW-Authenticate` where CORS exposes it. */
export async function readStepUpReason(response: Response): Promise<StepUpReason | undefined> {
  if (response.status !== 401 && response.status !== 403) return undefined;
  const challenge = response.headers.get('www-authenticate') ?? '';
  if (challenge.includes('insufficient_user_authentication'))
    return challenge.includes('acr_values') ? 'aal2_required' : 'not_fresh';
  if (response.headers.get('content-type')?.includes('json') !== true) return undefined;
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => null);
  if (!isObject(body)) return undefined;
  return stepUpReasonOf(body) ?? (isObject(body.detail) ? stepUpReasonOf(body.detail) : undefined);
}
