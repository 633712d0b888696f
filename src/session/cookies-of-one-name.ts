/** Judges the session cookies of a request: which verify, or exactly why none does. Asks no database. */
import { decodeOnce } from './cookie-header.js';
import { whatWasSeen } from './evidence.js';
import type { Reason } from './reasons.js';
import {
  splitSignedToken,
  verifySignedToken,
  type SigningSecret,
  type VerifiedToken,
} from './signed-token.js';

/**
 * Browsers keep a cookie apart for each Domain, Path and partition, and send the older ones first. So many different
 * values are looked at, which is far more than there are variants of one cookie.
 */
const mostValues = 32;

/** Whose sessions are looked up in one query. */
const mostCandidates = 8;

/** A cookie of the name that verifies. */
export interface Candidate extends VerifiedToken {
  /** Length of the cookie's value as it came, for the log. */
  readonly valueLength: number;
  /** Where among how many it stood, for the log. */
  readonly hint: string;
}

/** What the cookies of the name are worth. */
export interface JudgedCookies {
  /** The first that verifies. Beside a `reason` it counts only if its session, or another candidate's, lives. */
  readonly verified?: VerifiedToken;
  /** All that verify, where there are several. */
  readonly candidates?: readonly Candidate[];
  readonly reason?: Reason;
  readonly hint?: string;
  readonly valueLength: number;
}

/**
 * Where several verify, the sessions of all of them have to be looked up, and the first that lives counts: the older
 * variant of a cookie is the one whose session ended. Where the first does not verify and one other does, nobody is
 * signed in, as in BetterAuth, and the reason says why; the next sign-in expires the older variant.
 * @param all values of the cookies of the name in the order they came, one at least; not yet percent-decoded
 */
export function judgeCookies(
  all: readonly string[],
  secrets: readonly SigningSecret[],
): JudgedCookies {
  const values = [...new Set(all)].slice(0, mostValues);
  const [first = ''] = values;
  const several = `${all.length} cookies of this name`;
  const found = findCandidates(values, secrets);
  const [verified] = found;
  const isFirst = verified !== undefined && verified.place === 1;
  const candidates = found.length < 2 ? undefined : found.map((one) => placed(one, several));
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
  return { valueLength, ...judgeRefused(decodeOnce(first), secrets) };
}

function placed({ place, ...one }: Found, several: string): Candidate {
  return { ...one, hint: `${several}, ${place === 1 ? 'the first' : `number ${place}`} counts` };
}

interface Found extends VerifiedToken {
  readonly valueLength: number;
  readonly place: number;
}

/** Each token once, with its place among the different values, from 1. */
function findCandidates(values: readonly string[], secrets: readonly SigningSecret[]): Found[] {
  const byToken = new Map<string, Found>();
  for (const [index, value] of values.entries()) {
    const verified = verifySignedToken(decodeOnce(value), secrets);
    if (verified === undefined || byToken.has(verified.token)) continue;
    byToken.set(verified.token, { ...verified, valueLength: value.length, place: index + 1 });
    if (byToken.size === mostCandidates) break;
  }
  return [...byToken.values()];
}

/** @param value percent-decoded once, and not verifying */
function judgeRefused(
  value: string,
  secrets: readonly SigningSecret[],
): Pick<JudgedCookies, 'reason' | 'hint'> {
  const verifies = (other: string) => verifySignedToken(other, secrets) !== undefined;
  if (verifies(decodeOnce(value))) return { reason: 'double_encoded' };
  if (value.includes(' ') && verifies(value.replaceAll(' ', '+'))) {
    return { reason: 'plus_became_space' };
  }
  if (/^[A-Za-z0-9]{32}$/.test(value)) return { reason: 'unsigned_token' };
  if (splitSignedToken(value) === undefined) {
    return { reason: 'malformed_cookie', hint: whatWasSeen(value) };
  }
  return { reason: 'bad_signature' };
}
