/**
 * Brings what an older secret signed to the present one, which is the only one BetterAuth verifies. Without this a
 * rotated secret would sign everybody out, and nobody could sign out.
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

/** Re-signs the credential that counts, and the cookie beside it. The rest of the headers stays as it came. */
export function resignCredentials(headers: CredentialHeaders, rules: CredentialRules): Resigned {
  const { secrets, cookieName, dontRememberCookieName } = rules;
  const [present] = secrets;
  if (present === undefined || secrets.length < 2) return { headers: {} };
  const { verified, source } = readCredential(headers, rules);
  const isOld = verified !== undefined && !verified.isCurrent;
  const signed = isOld ? signToken(verified.token, present) : undefined;
  const replacements = new Map<string, string>();
  if (signed !== undefined && source === 'cookie') replacements.set(cookieName, signed);
  if (isOldDontRemember(headers.cookie, rules)) {
    replacements.set(dontRememberCookieName, signToken('true', present));
  }
  return {
    headers: {
      ...(replacements.size > 0 && { cookie: replaceFirst(headers.cookie ?? '', replacements) }),
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

/** The header with the first cookie of each name given another value: the first is the one that counts. */
function replaceFirst(header: string, replacements: Map<string, string>): string {
  const parts = header.split(';');
  for (const [name, value] of replacements) {
    const index = parts.findIndex((part) => readCookies(part)[0]?.name === name);
    if (index !== -1) parts[index] = ` ${name}=${encodeURIComponent(value)}`;
  }
  return parts.join(';').trim();
}
