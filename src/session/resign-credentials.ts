/**
 * Brings a request's credential into the one form that BetterAuth takes: signed with the present secret, and alone.
 * Without this a rotated secret would sign everybody out, and where several cookies of the name come BetterAuth would
 * look at the first one only, expire it and with it the one that lives.
 */
import { decodeOnce, readCookies } from './cookie-header.js';
import { readCredential, type CredentialHeaders, type CredentialRules } from './credential.js';
import { signToken, verifySignedToken } from './signed-token.js';

export interface Resigned {
  /** To use in place of the request's; a header that needs no change is missing. */
  readonly headers: Pick<CredentialHeaders, 'cookie' | 'authorization'>;
  /** Of the secret that signed the session's credential, where it is not the present one. */
  readonly secretVersion?: number;
}

/**
 * Re-signs the credential that counts, and the cookie beside it. The rest of the headers stays as it came.
 * @param counting the token of the session that counts where several cookies of the name came: it is passed on alone
 */
export function resignCredentials(
  headers: CredentialHeaders,
  rules: CredentialRules,
  counting?: string,
): Resigned {
  const { secrets, cookieName, dontRememberCookieName } = rules;
  const [present] = secrets;
  if (present === undefined || (secrets.length < 2 && counting === undefined)) {
    return { headers: {} };
  }
  const { source, ...credential } = readCredential(headers, rules);
  const verified =
    credential.candidates?.find(({ token }) => token === counting) ?? credential.verified;
  const isOld = verified !== undefined && !verified.isCurrent;
  const signed = isOld ? signToken(verified.token, present) : undefined;
  const replacements = new Map<string, string>();
  if (counting !== undefined) replacements.set(cookieName, signToken(counting, present));
  else if (signed !== undefined && source === 'cookie') replacements.set(cookieName, signed);
  if (isOldDontRemember(headers.cookie, rules)) {
    replacements.set(dontRememberCookieName, signToken('true', present));
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

/** BetterAuth's cookie that says "do not remember me", where a secret of the key ring signed it. */
export function readDontRemember(
  header = '',
  { dontRememberCookieName, secrets }: CredentialRules,
) {
  const cookie = readCookies(header).find(({ name }) => name === dontRememberCookieName);
  return cookie && verifySignedToken(decodeOnce(cookie.value), secrets);
}

/** The header with one cookie of each name, at the place of the first, in place of all that had it. */
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
