/** The token inside a session cookie that did not verify, to find out whose session it may be. */
import type { CredentialHeaders } from '../../session/credential.js';
import { decodeOnce, readCookies } from '../../session/cookie-header.js';

const tokenShape = /^([A-Za-z0-9]{32})(?:\.|$)/;

/** @returns undefined if nothing has the shape of a token */
export function presentedToken({ cookie = '' }: CredentialHeaders): string | undefined {
  for (const { name, value } of readCookies(cookie)) {
    const token = name.endsWith('.session_token')
      ? tokenShape.exec(decodeOnce(value))?.[1]
      : undefined;
    if (token !== undefined) return token;
  }
  return undefined;
}
