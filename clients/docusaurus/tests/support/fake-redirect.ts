/** The codes with which visits to a provider end, as the fake service redeems them. */
import { createHash } from 'node:crypto';
import type { Refusal } from './fake-service.js';

export interface FakeCode {
  /** Of the start. */
  readonly challenge: string | undefined;
  /** What the visitor must prove first, by signing in to the account. */
  readonly refusal?: Refusal;
  readonly linked?: boolean;
  isUsed?: boolean;
}

export function refusalOf(reason: string, status = 400): Refusal {
  const body = { code: reason.toUpperCase(), reason, message: 'A text of the service.' };
  return { status, body: { ...body, requestId: '5f0c1f0e-1c3f-4b6e-9c36-0c4f1df3a001' } };
}

export function redeemCode(
  codes: Map<string, FakeCode>,
  body: Readonly<Record<string, unknown>>,
  isSignedIn: boolean,
): { readonly refusal?: Refusal; readonly linked?: boolean | undefined } {
  const { code, code_verifier: verifier, link } = body;
  const known = codes.get(String(code));
  if (known === undefined) return { refusal: refusalOf('code_unknown') };
  if (typeof verifier !== 'string') return { refusal: refusalOf('verifier_missing') };
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  if (known.challenge !== challenge) return { refusal: refusalOf('verifier_wrong') };
  if (known.isUsed) return { refusal: refusalOf('code_used') };
  if (known.refusal && !(link === true && isSignedIn)) return { refusal: known.refusal };
  known.isUsed = true;
  return { linked: known.linked };
}
