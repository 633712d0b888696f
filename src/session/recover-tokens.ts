/**
 * Recovers the session tokens of a sign-out from credentials that were damaged in transit, if the damage can be reversed
 * and the signature then verifies. Only for ending sessions: to be signed in, a credential must arrive intact.
 */
import { decodeOnce, readCookies } from './cookie-header.js';
import type { CredentialHeaders, CredentialRules } from './credential.js';
import { findJoinedCookies } from './joined-cookies.js';
import { verifySignedToken } from './signed-token.js';

/** The maximum number of values examined, each in a few forms: enough for every variant of one cookie. */
const maxValues = 32;

/** Distinct tokens whose signature verifies with a secret of the key ring; empty if none can be recovered. */
export function recoverTokens(headers: CredentialHeaders, rules: CredentialRules): string[] {
  const tokens = new Set<string>();
  const sent = sentValues(headers);
  // Our own name first: cookies planted by a sibling host must not push ours past the limit.
  const own = sent.filter(({ name }) => name === undefined || name === rules.cookieName);
  const values = new Set([...own, ...sent].map(({ value }) => value));
  for (const value of [...values].slice(0, maxValues)) {
    for (const form of repairedForms(value)) {
      const verified = verifySignedToken(form, rules.secrets);
      if (verified !== undefined) tokens.add(verified.token);
    }
  }
  return [...tokens];
}

/** Whether the request has anything that may be an active session's credential, damaged or signed with an unknown secret. */
export function hasCredential(headers: CredentialHeaders, rules: CredentialRules): boolean {
  const ownName = withoutPrefix(rules.cookieName);
  return sentValues(headers).some(({ name, value }) => {
    // A cookie of another application on this domain has no session here.
    const isOurs = name === undefined || withoutPrefix(name) === ownName;
    return isOurs && value !== '';
  });
}

/** The values of all session cookies, with any prefix, and of the bearer token, whether accepted or not. */
function sentValues({ cookie = '', authorization = '' }: CredentialHeaders) {
  const cookies = readCookies(cookie).filter(({ name }) => name.endsWith('.session_token'));
  const token = /^bearer (.*)$/i.exec(authorization)?.[1]?.trim();
  const bearer = token === undefined ? [] : [{ name: undefined, value: token }];
  return [...bearer, ...cookies, ...findJoinedCookies(cookie)];
}

function withoutPrefix(name: string): string {
  return name.replace(/^__(?:Secure|Host)-/, '');
}

/** The value with damage reversed: encoded once or twice, form-decoded, in quotes, or followed by the next cookie. */
function repairedForms(value: string): string[] {
  const forms = [value, value.split(',', 1)[0] ?? ''].flatMap((form) => {
    const once = decodeOnce(unquoted(form.trim()));
    return [once, unquoted(decodeOnce(once))];
  });
  return [...new Set(forms.map(plainBase64))];
}

function unquoted(value: string): string {
  return /^["'].*["']$/s.test(value) ? value.slice(1, -1) : value;
}

/** The signature in the standard base64 alphabet and with its padding. */
function plainBase64(value: string): string {
  const dot = value.lastIndexOf('.');
  const signature = value
    .slice(dot + 1)
    .replace(/[ -]/g, '+')
    .replaceAll('_', '/');
  return `${value.slice(0, dot + 1)}${signature.length === 43 ? `${signature}=` : signature}`;
}
