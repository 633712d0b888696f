/** Verifies the session cookies of a request: which are valid, or exactly why none is. Makes no database query. */
import { decodeOnce } from './cookie-header.js';
import { describeMalformedValue } from './credential-hints.js';
import type { Reason } from './reasons.js';
import {
  splitSignedToken,
  verifySignedToken,
  type SigningSecret,
  type VerifiedToken,
} from './signed-token.js';

/**
 * Browsers store one cookie per Domain, Path and partition, and send the oldest first. This maximum of distinct values
 * is far above the number of variants that one cookie can have.
 */
const maxValues = 32;

/** Maximum number of sessions looked up in one query. */
const maxCandidates = 8;

/** A session cookie whose signature verifies. */
export interface Candidate extends VerifiedToken {
  /** Length of the cookie's value as received, for the log. */
  readonly valueLength: number;
  /** Its position among the cookies of this name, for the log. */
  readonly hint: string;
}

/** The result of verifying all cookies of the name. */
export interface CookieEvaluation {
  /** The first that verifies. If there is also a `reason`, it counts only if its session, or another candidate's, is active. */
  readonly verified?: VerifiedToken;
  /** All that verify, if there are several. */
  readonly candidates?: readonly Candidate[];
  readonly reason?: Reason;
  readonly hint?: string;
  readonly valueLength: number;
}

/**
 * If several verify, all of their sessions must be looked up, and the first active one counts: the older variant of a
 * cookie is the one whose session has ended. If the first does not verify and exactly one other does, the request is not
 * signed in, as in BetterAuth, and the reason says why; the next sign-in expires the older variant.
 * @param all values of the cookies of the name in the order received, at least one; not yet percent-decoded
 */
export function evaluateCookies(
  all: readonly string[],
  secrets: readonly SigningSecret[],
): CookieEvaluation {
  const values = [...new Set(all)].slice(0, maxValues);
  const [first = ''] = values;
  const several = `${all.length} cookies of this name`;
  const found = findCandidates(values, secrets);
  const [verified] = found;
  const isFirst = verified !== undefined && verified.position === 1;
  const candidates = found.length < 2 ? undefined : found.map((one) => toCandidate(one, several));
  const hint = isFirst ? `${several}, the first counts` : several;
  if (verified !== undefined && (isFirst || candidates !== undefined)) {
    return {
      verified,
      valueLength: verified.valueLength,
      ...(values.length > 1 && { hint }),
      ...(candidates && { candidates }),
      ...(!isFirst && { reason: 'duplicate_cookies' }),
    };
  }
  const valueLength = first.length;
  if (verified !== undefined) return { reason: 'duplicate_cookies', hint, valueLength };
  return { valueLength, ...diagnoseInvalidValue(decodeOnce(first), secrets) };
}

function toCandidate({ position, ...one }: Found, several: string): Candidate {
  return {
    ...one,
    hint: `${several}, ${position === 1 ? 'the first' : `number ${position}`} counts`,
  };
}

interface Found extends VerifiedToken {
  readonly valueLength: number;
  readonly position: number;
}

/** Each token once, with its position among the distinct values, starting at 1. */
function findCandidates(values: readonly string[], secrets: readonly SigningSecret[]): Found[] {
  const byToken = new Map<string, Found>();
  for (const [index, value] of values.entries()) {
    const verified = verifySignedToken(decodeOnce(value), secrets);
    if (verified === undefined || byToken.has(verified.token)) continue;
    byToken.set(verified.token, { ...verified, valueLength: value.length, position: index + 1 });
    if (byToken.size === maxCandidates) break;
  }
  return [...byToken.values()];
}

/** @param value percent-decoded once; its signature does not verify */
function diagnoseInvalidValue(
  value: string,
  secrets: readonly SigningSecret[],
): Pick<CookieEvaluation, 'reason' | 'hint'> {
  const verifies = (other: string) => verifySignedToken(other, secrets) !== undefined;
  if (verifies(decodeOnce(value))) return { reason: 'double_encoded' };
  if (value.includes(' ') && verifies(value.replaceAll(' ', '+'))) {
    return { reason: 'plus_became_space' };
  }
  if (/^[A-Za-z0-9]{32}$/.test(value)) return { reason: 'unsigned_token' };
  if (splitSignedToken(value) === undefined) {
    return { reason: 'malformed_cookie', hint: describeMalformedValue(value) };
  }
  return { reason: 'bad_signature' };
}
