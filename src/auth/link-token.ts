/** The random tokens of mailed links, their hashes, and ids for addresses without an account. */
import { createHash, randomBytes } from 'node:crypto';
import { ownPagePath } from '../config/site-pages.js';

/** SHA-256 in base64url, as for PKCE (RFC 7636 4.2). Tokens are random, so a fast hash is enough. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

/** 256 random bits. */
export function createToken(): string {
  return randomBytes(32).toString('base64url');
}

/**
 * The link that is mailed. Its token is in the fragment, which reaches no server and no log. The service's own page also
 * gets the id, so that the audit trail can have who opened it: the id is a hash, and uses nothing.
 * @param page where the link leads
 */
export function linkTo(page: string, baseUrl: string, purpose: string, token: string): string {
  const isOwn = page === baseUrl + ownPagePath;
  return `${page}${isOwn ? `?link=${hashToken(token)}` : ''}#${purpose}=${token}`;
}

const addressIdPrefix = 'address:';

/**
 * An id that belongs to no user, for links to an address without an account: the same for each link, so that the newest
 * one replaces the others.
 */
export function addressId(email: string): string {
  return addressIdPrefix + hashToken(email);
}

/** Whether the link was mailed to an address that had no account. */
export function isForAddressOnly({ userId }: { readonly userId: string }): boolean {
  return userId.startsWith(addressIdPrefix);
}

/** A token or a challenge: 256 bits in base64url. */
export function isToken(text: string): boolean {
  return /^[A-Za-z0-9_-]{43}$/.test(text);
}
