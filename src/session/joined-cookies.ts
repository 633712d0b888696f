/**
 * Finds session cookies in a Cookie header whose parts were joined by commas, as code that merges header lines like
 * other headers does: RFC 6265 section 3 allows that for neither Cookie nor Set-Cookie. For BetterAuth and for us such
 * a cookie is a piece of its neighbour's value.
 */
import { decodeOnce } from './cookie-header.js';
import { splitSignedToken } from './signed-token.js';

/** One piece of the header that is a session cookie, where a comma stands beside it. */
export interface JoinedCookie {
  readonly name: string;
  /** Unquoted, not yet percent-decoded. */
  readonly value: string;
}

/** Beyond it nothing more is looked for: no proxy joins so many, and each costs a look. */
const mostPieces = 200;

/**
 * A piece behind a comma counts by its name. The first piece has commas of its own in mind too: it counts where its
 * value is whole and what follows the comma and a blank is another cookie.
 */
export function findJoinedCookies(header: string): JoinedCookie[] {
  if (!header.includes(',') || !header.includes('session_token')) return [];
  return header.split(';').flatMap((part) => {
    const pieces = part.split(',', mostPieces).map(readPiece);
    return pieces.filter((piece, index): piece is JoinedCookie & { isApart: boolean } => {
      if (piece === undefined || !/(?:^|\.)session_token$/.test(piece.name)) return false;
      if (index > 0) return true;
      const next = pieces[1];
      const isWhole = splitSignedToken(decodeOnce(piece.value)) !== undefined;
      return isWhole && next?.isApart === true && next.value !== '';
    });
  });
}

function readPiece(piece: string): (JoinedCookie & { isApart: boolean }) | undefined {
  const split = piece.indexOf('=');
  if (split === -1) return undefined;
  const name = piece.slice(0, split).trim();
  if (name === '' || /[\s"/]/.test(name)) return undefined;
  const value = piece.slice(split + 1).trim();
  return { name, value: value.replace(/^"|"$/g, ''), isApart: /^\s/.test(piece) };
}
