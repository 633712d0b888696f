/**
 * Rewrites a request's credential into the only form that BetterAuth accepts: signed with the current secret, and only one
 * cookie of the name. Otherwise rotating the secret would sign out every user, and of several cookies BetterAuth would
 * read only the first, expire it and thereby also the one whose session is active.
 */
import { decodeOnce, readCookies } from './cookie-header.js';
import { readCredential, type CredentialHeaders, type CredentialRules } from './credential.js';
import { signToken, verifySignedToken } from './signed-token.js';

export interface ReplacedHeaders {
  /** Replacements for the request's headers; a header that needs no change is missing. */
  readonly headers: Pick<CredentialHeaders, 'cookie' | 'authorization'>;
  /** Version of the secret that signed the session's credential, if it is not the current one. */
  readonly secretVersion?: number;
}

/**
 * Signs the effective credential and the "don't remember me" cookie with the current secret. Does not change other cookies.
 * @param effectiveToken token of the session that counts if the request has several cookies of the name: the only one kept
 */
export function signWithCurrentSecret(
  headers: CredentialHeaders,
  rules: CredentialRules,
  effectiveToken?: string,
): ReplacedHeaders {
  const { secrets, cookieName, dontRememberCookieName } = rules;
  const [current] = secrets;
  if (current === undefined || (secrets.length < 2 && effectiveToken === undefined)) {
    return { headers: {} };
  }
  const { source, ...credential } = readCredential(headers, rules);
  const verified =
    credential.candidates?.find(({ token }) => token === effectiveToken) ?? credential.verified;
  const isOld = verified !== undefined && !verified.isCurrent;
  const signed = isOld ? signToken(verified.token, current) : undefined;
  const replacements = new Map<string, string>();
  if (effectiveToken !== undefined) {
    replacements.set(cookieName, signToken(effectiveToken, current));
  } else if (signed !== undefined && source === 'cookie') replacements.set(cookieName, signed);
  if (isOldDontRemember(headers.cookie, rules)) {
    replacements.set(dontRememberCookieName, signToken('true', current));
  }
  return {
    headers: {
      ...(replacements.size > 0 && { cookie: replaceCookies(headers.cookie ?? '', replacements) }),
      ...(signed !== undefined && source === 'bearer' && { authorization: `Bearer ${signed}` }),
    },
    ...(isOld && { secretVersion: verified.secretVersion }),
  };
}

function isOldDontRemember(header: string | undefined, rules: CredentialRules): boolean {
  const verified = readDontRemember(header, rules);
  return verified !== undefined && !verified.isCurrent;
}

/** BetterAuth's "don't remember me" cookie, if a secret of the key ring signed it. */
export function readDontRemember(
  header = '',
  { dontRememberCookieName, secrets }: CredentialRules,
) {
  const cookie = readCookies(header).find(({ name }) => name === dontRememberCookieName);
  return cookie && verifySignedToken(decodeOnce(cookie.value), secrets);
}

/** Replaces all cookies of each given name by one, at the position of the first. */
export function replaceCookies(header: string, replacements: ReadonlyMap<string, string>): string {
  const done = new Set<string>();
  const parts = header.split(';').flatMap((part) => {
    const name = readCookies(part)[0]?.name ?? '';
    const value = replacements.get(name);
    if (value === undefined) return [part];
    if (done.has(name)) return [];
    done.add(name);
    return [` ${name}=${encodeURIComponent(value)}`];
  });
  return parts.join(';').trim();
}
