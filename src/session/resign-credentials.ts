/**
 * Brings what an older secret signed to the present one, which is the only one BetterAuth verifies. Without this a
 * rotated secret would sign everybody out, and nobody could sign out.
 */
import type { CredentialHeaders, CredentialRules } from './credential.js';
import { decodeOnce, readCookies } from './cookie-header.js';
import { signToken, verifySignedToken } from './signed-token.js';

type Secrets = CredentialRules['secrets'];

/** The headers to use in place of the request's; a header that needs no change is missing. */
export type ResignedHeaders = Pick<CredentialHeaders, 'cookie' | 'authorization'>;

/** Re-signs what verifies with an older secret. The rest of both headers stays as it came. */
export function resignCredentials(
  { cookie, authorization }: CredentialHeaders,
  { cookieName, dontRememberCookieName, secrets, bearer }: CredentialRules,
): ResignedHeaders {
  if (secrets.length < 2) return {};
  const names = [cookieName, dontRememberCookieName];
  const newCookie = cookie && resignCookies(cookie, names, secrets);
  const newAuthorization = bearer && authorization && resignBearer(authorization, secrets);
  return {
    ...(newCookie && { cookie: newCookie }),
    ...(newAuthorization && { authorization: newAuthorization }),
  };
}

function resignCookies(header: string, names: readonly string[], secrets: Secrets) {
  const parts = header.split(';');
  const cookies = parts.map((part) => readCookies(part)[0]);
  let hasChanged = false;
  for (const name of names) {
    const index = cookies.findIndex((cookie) => cookie?.name === name); // the first counts
    const signed = resign(decodeOnce(cookies[index]?.value ?? ''), secrets);
    if (signed === undefined) continue;
    parts[index] = ` ${name}=${encodeURIComponent(signed)}`;
    hasChanged = true;
  }
  return hasChanged ? parts.join(';').trim() : undefined;
}

function resignBearer(authorization: string, secrets: Secrets) {
  const token = /^bearer (.*)$/i.exec(authorization)?.[1] ?? '';
  const signed = resign(decodeOnce(token.trim()), secrets);
  return signed && `Bearer ${signed}`;
}

/** The value signed with the present secret; undefined where it already is, or where none signed it. */
function resign(value: string, secrets: Secrets): string | undefined {
  const [present] = secrets;
  const verified = verifySignedToken(value, secrets);
  if (present === undefined || verified === undefined || verified.isCurrent) return undefined;
  return signToken(verified.token, present);
}
