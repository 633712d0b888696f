/**
 * Finds session cookies in a Cookie header whose parts were joined by commas. Code that merges header lines like those of
 * other headers does this, although RFC 6265 section 3 forbids it for Cookie and Set-Cookie. BetterAuth and this service
 * read such a cookie as part of the preceding value.
 */
import { decodeOnce } from './cookie-header.js';
import { splitSignedToken } from './signed-token.js';

/** A part of the header that is a session cookie next to a comma. */
export interface JoinedCookie {
  readonly name: string;
  /** Unquoted, not yet percent-decoded. */
  readonly value: string;
}

/** The maximum number of parts examined: no proxy joins as many, and each has a cost. */
const maxPieces = 200;

/**
 * A part after a comma is recognised by its name. The first part may contain commas itself: it counts only if its value
 * is complete and another cookie follows after a comma and a space.
 */
export function findJoinedCookies(header: string): JoinedCookie[] {
  if (!header.includes(',') || !header.includes('session_token')) return [];
  return header.split(';').flatMap((part) => {
    const pieces = part.split(',', maxPieces).map(readPiece);
    return pieces.filter((piece, index): piece is JoinedCookie & { isSeparate: boolean } => {
      if (piece === undefined || !/(?:^|\.)session_token$/.test(piece.name)) return false;
      if (index > 0) return true;
      const next = pieces[1];
      const isComplete = splitSignedToken(decodeOnce(piece.value)) !== undefined;
      return isComplete && next?.isSeparate === true && next.value !== '';
    });
  });
}

function readPiece(piece: string): (JoinedCookie & { isSeparate: boolean }) | undefined {
  const split = piece.indexOf('=');
  if (split === -1) return undefined;
  const name = piece.slice(0, split).trim();
  if (name === '' || /[\s"/]/.test(name)) return undefined;
  const value = piece.slice(split + 1).trim();
  return { name, value: value.replace(/^"|"$/g, ''), isSeparate: /^\s/.test(piece) };
}
