/** From a request's headers to a verified token, or to exactly why there is none. Asks no database. */
import { decodeOnce, readCookies } from './cookie-header.js';
import { judgeCookies, type Candidate } from './cookies-of-one-name.js';
import { whereItWasLost, type SenderHeaders } from './evidence.js';
import { findJoinedCookies } from './joined-cookies.js';
import type { Reason, ReasonFixes } from './reasons.js';
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
  /** What to change about a reason, where that is a setting of another part of the service. */
  readonly reasonFixes?: ReasonFixes;
}

/** What was found; `verified` or a `reason`. Both where the first of several cookies of the name did not verify. */
export interface Credential {
  readonly verified?: VerifiedToken;
  /** Where several cookies of the name verify, all of them: the first whose session lives counts. */
  readonly candidates?: readonly Candidate[];
  readonly reason?: Reason;
  /** What was seen that explains a refusal, now or by the database. */
  readonly hint?: string;
  readonly source?: 'cookie' | 'bearer';
  /** Name and length of the cookie that was looked at. The name is the caller's and unmasked: mask it before logging. */
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
  const joined = headers.cookie === undefined ? [] : findJoinedCookies(headers.cookie);
  if (values.length > 0) {
    const judged = judgeCookies(values, rules.secrets);
    const isSpoilt = judged.reason === 'malformed_cookie' || judged.reason === 'bad_signature';
    if (!isSpoilt || joined.length === 0) {
      return { source: 'cookie', cookieName: rules.cookieName, ...judged };
    }
  }
  const [inside] = joined;
  if (inside !== undefined) {
    const isOurs = inside.name === rules.cookieName;
    return {
      reason: 'cookies_joined',
      hint: `${isOurs ? '' : `expected ${rules.cookieName}; `}a comma stands where a semicolon belongs; ${tellVerifies(inside.value, rules)}`,
      source: 'cookie',
      cookieName: inside.name,
      valueLength: inside.value.length,
    };
  }
  const renamed = cookies.find((c) => c.name.endsWith('.session_token'));
  if (renamed !== undefined) {
    return {
      reason: 'wrong_cookie_name',
      hint: `expected ${rules.cookieName}; ${tellVerifies(renamed.value, rules)}`,
      source: 'cookie',
      cookieName: renamed.name,
      valueLength: renamed.value.length,
    };
  }
  return bearer ?? { reason: 'no_credential', hint: whereItWasLost(headers, cookies.length) };
}

function tellVerifies(value: string, { secrets }: CredentialRules): string {
  const verifies = verifySignedToken(decodeOnce(value), secrets) !== undefined;
  return `the value ${verifies ? 'verifies' : 'does not verify'} with our secret`;
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
