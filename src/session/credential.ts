/** From a request's headers to a verified token, or to exactly why there is none. Asks no database. */
import { maskText } from '../log/mask.js';
import { decodeOnce, readCookies } from './cookie-header.js';
import { whatWasSeen, whereItWasLost, type SenderHeaders } from './evidence.js';
import type { Reason } from './reasons.js';
import {
  isSignedLoosely,
  splitSignedToken,
  verifySignedToken,
  type SigningSecret,
  type VerifiedToken,
} from './signed-token.js';

/** The parts of a request that can carry or explain a credential. */
export interface CredentialHeaders extends SenderHeaders {
  /** All Cookie headers joined with `; `, as Node hands them over. */
  readonly cookie?: string | undefined;
  readonly authorization?: string | undefined;
}

export interface CredentialRules {
  /** The effective cookie name, prefix included. */
  readonly cookieName: string;
  /** The name of BetterAuth's other signed cookie: a session with it ends with the browser's. */
  readonly dontRememberCookieName: string;
  /** The one in use first. */
  readonly secrets: readonly SigningSecret[];
  /** Whether signed bearer tokens count. */
  readonly bearer: boolean;
}

/** What was found; `verified` or a `reason`, never both. */
export interface Credential {
  readonly verified?: VerifiedToken;
  readonly reason?: Reason;
  /** What was seen that explains a refusal, now or by the database. */
  readonly hint?: string;
  readonly source?: 'cookie' | 'bearer';
  /** Name and length of the cookie that was looked at, for the log. */
  readonly cookieName?: string;
  readonly valueLength?: number;
}

/** Reads the credential as BetterAuth would: a bearer token that its plugin accepts wins over the cookie. */
export function readCredential(headers: CredentialHeaders, rules: CredentialRules): Credential {
  const { bearer, winsOverCookie = false } =
    headers.authorization === undefined ? {} : readBearer(headers.authorization, rules);
  if (bearer !== undefined && winsOverCookie) return bearer;
  const cookies = headers.cookie === undefined ? [] : readCookies(headers.cookie);
  const values = cookies.filter((c) => c.name === rules.cookieName).map((c) => c.value);
  const [first] = values;
  if (first !== undefined) {
    const seen = {
      source: 'cookie',
      cookieName: rules.cookieName,
      valueLength: first.length,
    } as const;
    return { ...seen, ...judgeCookie(first, values, rules.secrets) };
  }
  const renamed = cookies.find((c) => c.name.endsWith('.session_token'));
  if (renamed !== undefined) {
    const verifies = verifySignedToken(decodeOnce(renamed.value), rules.secrets) !== undefined;
    return {
      reason: 'wrong_cookie_name',
      hint: `expected ${rules.cookieName}; the value ${verifies ? 'verifies' : 'does not verify'} with our secret`,
      source: 'cookie',
      cookieName: maskText(renamed.name).slice(0, 80),
      valueLength: renamed.value.length,
    };
  }
  return bearer ?? { reason: 'no_credential', hint: whereItWasLost(headers, cookies.length) };
}

function judgeCookie(
  first: string,
  all: readonly string[],
  secrets: readonly SigningSecret[],
): Pick<Credential, 'verified' | 'reason' | 'hint'> {
  const verifies = (value: string) => verifySignedToken(value, secrets);
  const value = decodeOnce(first);
  const verified = verifies(value);
  const ofThisName = `${all.length} cookies of this name`;
  if (verified !== undefined) {
    // Browsers send the older of two variants first, and its session may be the one that ended.
    return { verified, ...(all.length > 1 && { hint: `${ofThisName}, the first counts` }) };
  }
  if (all.slice(1).some((other) => verifies(decodeOnce(other)))) {
    return { reason: 'duplicate_cookies', hint: ofThisName };
  }
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

/** A bearer token, and whether BetterAuth's plugin puts it into the session cookie's place. */
interface BearerReading {
  readonly bearer?: Credential;
  readonly winsOverCookie?: boolean;
}

function readBearer(authorization: string, rules: CredentialRules): BearerReading {
  const match = /^bearer (.*)$/i.exec(authorization);
  if (match === null) return {};
  if (!rules.bearer) return { bearer: { reason: 'bearer_not_enabled', source: 'bearer' } };
  const sent = (match[1] ?? '').trim();
  const value = decodeOnce(sent);
  const seen = { source: 'bearer', valueLength: value.length } as const;
  // The plugin looks for a dot before it decodes.
  if (!sent.includes('.')) return { bearer: { ...seen, reason: 'bearer_malformed' } };
  const verified = verifySignedToken(value, rules.secrets);
  // Its token ends at the first dot, a cookie's at the last.
  if (verified !== undefined && !verified.token.includes('.')) {
    return { bearer: { ...seen, verified }, winsOverCookie: true };
  }
  if (isSignedLoosely(value, rules.secrets)) {
    const hint = 'the signature is right, but not whole or not plain base64: it hides any cookie';
    return { bearer: { ...seen, reason: 'bearer_malformed', hint }, winsOverCookie: true };
  }
  const isForged = verified === undefined && splitSignedToken(value) !== undefined;
  return { bearer: { ...seen, reason: isForged ? 'bearer_bad_signature' : 'bearer_malformed' } };
}
