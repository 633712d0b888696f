/** Reads the verified token from a request's headers, or the exact reason why there is none. Makes no database query. */
import { decodeOnce, readCookies } from './cookie-header.js';
import { evaluateCookies, type Candidate } from './same-name-cookies.js';
import { guessWhereCookieWasLost, type SenderHeaders } from './credential-hints.js';
import { findJoinedCookies } from './joined-cookies.js';
import type { Reason, ReasonFixes } from './reasons.js';
import {
  isAcceptedByBearerPlugin,
  splitSignedToken,
  verifySignedToken,
  type SigningSecret,
  type VerifiedToken,
} from './signed-token.js';

/** The parts of a request that can carry or explain a credential. */
export interface CredentialHeaders extends SenderHeaders {
  /** All Cookie headers joined with `; `, as Node does. */
  readonly cookie?: string | undefined;
  readonly authorization?: string | undefined;
}

export interface CredentialRules {
  /** The effective cookie name, prefix included. */
  readonly cookieName: string;
  /** BetterAuth's other signed cookie: a session with it ends when the browser closes. */
  readonly dontRememberCookieName: string;
  /** The current secret first. */
  readonly secrets: readonly SigningSecret[];
  /** Whether signed bearer tokens are accepted. */
  readonly bearer: boolean;
  /** Fixes for reasons whose setting belongs to another part of the service. */
  readonly reasonFixes?: ReasonFixes;
}

/** Either `verified` or a `reason`; both if the first of several cookies of the name did not verify. */
export interface Credential {
  readonly verified?: VerifiedToken;
  /** All cookies of the name that verify, if there are several: the first with an active session counts. */
  readonly candidates?: readonly Candidate[];
  readonly reason?: Reason;
  /** Evidence that explains a rejection, here or after the database lookup. */
  readonly hint?: string;
  readonly source?: 'cookie' | 'bearer';
  /** Name and length of the examined cookie. The name comes from the caller, unmasked: mask it before logging. */
  readonly cookieName?: string;
  readonly valueLength?: number;
}

/** Reads the credential as BetterAuth would: a bearer token that its plugin accepts takes precedence over the cookie. */
export function readCredential(headers: CredentialHeaders, rules: CredentialRules): Credential {
  const { bearer, overridesCookie = false } =
    headers.authorization === undefined ? {} : readBearer(headers.authorization, rules);
  if (bearer !== undefined && overridesCookie) return bearer;
  const cookies = headers.cookie === undefined ? [] : readCookies(headers.cookie);
  const values = cookies.filter((c) => c.name === rules.cookieName).map((c) => c.value);
  const joined = headers.cookie === undefined ? [] : findJoinedCookies(headers.cookie);
  if (values.length > 0) {
    const evaluated = evaluateCookies(values, rules.secrets);
    const { reason } = evaluated;
    const isTampered = reason === 'malformed_cookie' || reason === 'bad_signature';
    if (!isTampered || joined.length === 0) {
      return { source: 'cookie', cookieName: rules.cookieName, ...evaluated };
    }
  }
  const [embedded] = joined;
  if (embedded !== undefined) {
    const isOurs = embedded.name === rules.cookieName;
    return {
      reason: 'cookies_joined',
      hint: `${isOurs ? '' : `expected ${rules.cookieName}; `}a comma where a semicolon belongs; ${describeVerification(embedded.value, rules)}`,
      source: 'cookie',
      cookieName: embedded.name,
      valueLength: embedded.value.length,
    };
  }
  const renamed = cookies.find((c) => c.name.endsWith('.session_token'));
  if (renamed !== undefined) {
    return {
      reason: 'wrong_cookie_name',
      hint: `expected ${rules.cookieName}; ${describeVerification(renamed.value, rules)}`,
      source: 'cookie',
      cookieName: renamed.name,
      valueLength: renamed.value.length,
    };
  }
  return (
    bearer ?? { reason: 'no_credential', hint: guessWhereCookieWasLost(headers, cookies.length) }
  );
}

function describeVerification(value: string, { secrets }: CredentialRules): string {
  const verifies = verifySignedToken(decodeOnce(value), secrets) !== undefined;
  return `the value ${verifies ? 'verifies' : 'does not verify'} with our secret`;
}

/** A bearer token, and whether BetterAuth's plugin replaces the session cookie with it. */
interface BearerReading {
  readonly bearer?: Credential;
  readonly overridesCookie?: boolean;
}

function readBearer(authorization: string, rules: CredentialRules): BearerReading {
  const match = /^bearer (.*)$/i.exec(authorization);
  if (match === null) return {};
  if (!rules.bearer) return { bearer: { reason: 'bearer_not_enabled', source: 'bearer' } };
  const sent = (match[1] ?? '').trim();
  const value = decodeOnce(sent);
  const seen = { source: 'bearer', valueLength: value.length } as const;
  // The plugin looks for a dot before decoding.
  if (!sent.includes('.')) return { bearer: { ...seen, reason: 'bearer_malformed' } };
  const verified = verifySignedToken(value, rules.secrets);
  // In the plugin the token ends at the first dot, in a cookie at the last.
  if (verified !== undefined && !verified.token.includes('.')) {
    return { bearer: { ...seen, verified }, overridesCookie: true };
  }
  if (isAcceptedByBearerPlugin(value, rules.secrets)) {
    const hint =
      'the signature is correct, but incomplete or not plain base64: it overrides any cookie';
    return { bearer: { ...seen, reason: 'bearer_malformed', hint }, overridesCookie: true };
  }
  const isForged = verified === undefined && splitSignedToken(value) !== undefined;
  return { bearer: { ...seen, reason: isForged ? 'bearer_bad_signature' : 'bearer_malformed' } };
}
