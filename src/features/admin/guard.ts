/**
 * Who may use the API and the console: a signed-in user with the role `admin`, at level 2, not an operator who acts as
 * somebody else, from a page of this service, and for changes with a proof of the last ten minutes.
 */
import type { IncomingMessage } from 'node:http';
import type { ErrorEntry } from '../../errors.js';
import { errorTable } from '../../errors.js';
import { adminRole, hasRole } from '../../roles.js';
import { reasonTable } from '../../session/reasons.js';
import { freshMinutes, isFreshProof } from '../../session/proof.js';
import type { Verdict } from '../../session/inspector.js';
import { tokenFingerprint } from '../../session/signed-token.js';
import { errors } from './reasons.js';

export interface Operator {
  readonly id: string;
  readonly email: string;
  /** Of the operator's session: never part of a response or an event. */
  readonly token: string;
  /** The fingerprint of the operator's session. */
  readonly session: string;
  /** When the latest proof is not fresh any more. */
  readonly freshUntil: Date;
}

/** A refusal, as the API sends it. */
export interface Refusal extends ErrorEntry {
  readonly code: string;
  readonly reason: string;
  /** Of RFC 9470. */
  readonly challenge?: string;
  readonly verdict?: Verdict;
  /** Only if nothing but a fresh proof is missing. */
  readonly staleOperator?: Operator;
}

const freshMs = freshMinutes * 60_000;

/**
 * Whether a page of this service, or no page, sent the request. Browsers send `Sec-Fetch-Site` with each request and
 * `Origin` with each POST; neither can be set by a script.
 */
export function isSameOrigin(
  { method, headers }: Pick<IncomingMessage, 'method' | 'headers'>,
  ownOrigins: readonly string[],
): boolean {
  const { origin, 'sec-fetch-site': site } = headers;
  const isGet = method === 'GET';
  const isOwn = origin === undefined ? isGet : ownOrigins.includes(origin);
  // `none` is an address that the user typed.
  const isSameSite = site === undefined || site === 'same-origin' || (isGet && site === 'none');
  return isOwn && isSameSite;
}

/** What keeps this session from acting as an operator; otherwise the operator. */
export function findOperator(
  verdict: Verdict,
  isFresh: boolean,
): { readonly operator: Operator } | { readonly refusal: Refusal } {
  if (!verdict.signedIn) {
    const { reason } = verdict;
    const isOutage = reasonTable[reason].status === 503;
    const code = isOutage
      ? reason === 'service_busy'
        ? 'SERVICE_BUSY'
        : 'DATABASE_UNAVAILABLE'
      : 'NOT_SIGNED_IN';
    const { status } = errorTable[code];
    const message = isOutage
      ? errorTable[code].message
      : `Not signed in: ${reasonTable[reason].meaning}.`;
    return { refusal: { status, code, message, reason, verdict } };
  }
  const { session, user } = verdict.identity;
  const { impersonatedBy } = session as { impersonatedBy?: string | null };
  if (impersonatedBy !== undefined && impersonatedBy !== null) {
    return refuse(verdict, 'IMPERSONATING', errorTable.IMPERSONATING, 'impersonating');
  }
  if (!hasRole((user as { role?: string | null }).role, adminRole)) {
    return refuse(verdict, 'ROLE_REQUIRED', errors.ROLE_REQUIRED, 'role_required');
  }
  if (session.aal < 2) {
    const code = 'SECOND_FACTOR_REQUIRED';
    const message = 'Operators need a second factor: sign in with one, or step up.';
    const entry = { status: 401, message };
    return refuse(verdict, code, entry, 'aal2_required', 'acr_values="aal2"');
  }
  const freshUntil = new Date(session.provenAt.getTime() + freshMs);
  const { id, email } = user;
  const { token } = verdict;
  const operator = { id, email, token, session: tokenFingerprint(token), freshUntil };
  if (isFresh && !isFreshProof(session.provenAt, verdict.checkedAt)) {
    const code = 'SESSION_NOT_FRESH';
    const entry = { status: 401, message: errorTable[code].message };
    const { refusal } = refuse(verdict, code, entry, 'not_fresh', `max_age="${freshMs / 1000}"`);
    return { refusal: { ...refusal, staleOperator: operator } };
  }
  return { operator };
}

function refuse(
  verdict: Verdict,
  code: string,
  { status, message }: ErrorEntry,
  reason: string,
  challenge?: string,
): { readonly refusal: Refusal } {
  return {
    refusal: {
      status,
      code,
      message,
      reason,
      verdict,
      ...(challenge && {
        challenge: `Bearer error="insufficient_user_authentication", ${challenge}`,
      }),
    },
  };
}
