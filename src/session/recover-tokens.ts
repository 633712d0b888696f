/**
 * The sessions that a sign-out is meant for, however the credential was damaged on its way, as long as the damage can
 * be undone and the signature then verifies. For ending sessions alone: to be signed in a credential must arrive whole.
 */
import { decodeOnce, readCookies } from './cookie-header.js';
import type { CredentialHeaders, CredentialRules } from './credential.js';
import { findJoinedCookies } from './joined-cookies.js';
import { verifySignedToken } from './signed-token.js';

/** So many values are looked at, and each in a few forms: enough for every variant of one cookie. */
const mostValues = 32;

/** Tokens whose signature verifies with a secret of the key ring, each once; empty where nothing can be undone. */
export function recoverTokens(headers: CredentialHeaders, rules: CredentialRules): string[] {
  const tokens = new Set<string>();
  const sent = sentValues(headers);
  // Those of our own name first: whoever plants others from a neighbouring host must not keep one from being seen.
  const own = sent.filter(({ name }) => name === undefined || name === rules.cookieName);
  const values = new Set([...own, ...sent].map(({ value }) => value));
  for (const value of [...values].slice(0, mostValues)) {
    for (const form of undone(value)) {
      const verified = verifySignedToken(form, rules.secrets);
      if (verified !== undefined) tokens.add(verified.token);
    }
  }
  return [...tokens];
}

/** Whether something came that may be a living session's credential, damaged or signed by somebody unknown. */
export function bringsCredential(headers: CredentialHeaders, rules: CredentialRules): boolean {
  const ownName = withoutPrefix(rules.cookieName);
  return sentValues(headers).some(({ name, value }) => {
    // A cookie of another application on this domain is nothing that could be ended here.
    const isOurs = name === undefined || withoutPrefix(name) === ownName;
    return isOurs && value !== '';
  });
}

/** Of every cookie that is a session cookie under any prefix, and of a bearer token, whether those count or not. */
function sentValues({ cookie = '', authorization = '' }: CredentialHeaders) {
  const cookies = readCookies(cookie).filter(({ name }) => name.endsWith('.session_token'));
  const token = /^bearer (.*)$/i.exec(authorization)?.[1]?.trim();
  const bearer = token === undefined ? [] : [{ name: undefined, value: token }];
  return [...bearer, ...cookies, ...findJoinedCookies(cookie)];
}

function withoutPrefix(name: string): string {
  return name.replace(/^__(?:Secure|Host)-/, '');
}

/** The value as it should have come: encoded once or twice, form-decoded, in quotes, with the next cookie at its end. */
function undone(value: string): string[] {
  const forms = [value, value.split(',', 1)[0] ?? ''].flatMap((whole) => {
    const once = decodeOnce(unquoted(whole.trim()));
    return [once, unquoted(decodeOnce(once))];
  });
  return [...new Set(forms.map(plainBase64))];
}

function unquoted(value: string): string {
  return /^["'].*["']$/s.test(value) ? value.slice(1, -1) : value;
}

/** The signature in base64's own alphabet and with its end, whatever wrote it otherwise. */
function plainBase64(value: string): string {
  const dot = value.lastIndexOf('.');
  const signature = value
    .slice(dot + 1)
    .replace(/[ -]/g, '+')
    .replaceAll('_', '/');
  return `${value.slice(0, dot + 1)}${signature.length === 43 ? `${signature}=` : signature}`;
}
