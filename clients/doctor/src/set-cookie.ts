/** Parses Set-Cookie as browsers do (RFC 6265bis 5.6): attribute names in any case, the last of two attributes counts. */

export interface SetCookie {
  readonly name: string;
  /** As sent, still percent-encoded. */
  readonly value: string;
  readonly secure: boolean;
  readonly httpOnly: boolean;
  readonly partitioned: boolean;
  /** In lower case; undefined where it is missing. */
  readonly sameSite: string | undefined;
  /** In lower case, without the leading dot; undefined: only the host that set it. */
  readonly domain: string | undefined;
  /** undefined: derived from the request's path. */
  readonly path: string | undefined;
  /** By Max-Age, or by Expires where that is missing or invalid: browsers delete the cookie at once. */
  readonly isExpired: boolean;
  /** Of name and value together. */
  readonly bytes: number;
}

export function readSetCookie(line: string): SetCookie {
  const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
  const found = new Map(attributes.map((attribute) => split(attribute)).filter(isValidAttribute));
  const [name, value] = split(pair, false);
  return {
    name,
    value,
    secure: found.has('secure'),
    httpOnly: found.has('httponly'),
    partitioned: found.has('partitioned'),
    sameSite: found.get('samesite')?.toLowerCase(),
    domain: found.get('domain')?.toLowerCase().replace(/^\./, '') || undefined, // empty counts as missing
    path: found.get('path')?.startsWith('/') === true ? found.get('path') : undefined,
    isExpired: isExpired(found.get('max-age'), found.get('expires')),
    bytes: Buffer.byteLength(name) + Buffer.byteLength(value),
  };
}

/** Browsers ignore a Max-Age that is not an integer, and a date without a time of day. */
function isValidAttribute([name, value]: readonly [string, string]): boolean {
  if (name === 'max-age') return /^-?\d+$/.test(value);
  if (name === 'expires') return /\d:\d\d?:\d/.test(value) && !Number.isNaN(Date.parse(value));
  return true;
}

function isExpired(maxAge: string | undefined, expires: string | undefined): boolean {
  if (maxAge !== undefined) return Number(maxAge) <= 0;
  return expires !== undefined && Date.parse(expires) <= Date.now();
}

function split(text: string, isAttribute = true): [string, string] {
  const at = text.indexOf('=');
  const name = (at === -1 ? text : text.slice(0, at)).trim();
  return [isAttribute ? name.toLowerCase() : name, at === -1 ? '' : text.slice(at + 1).trim()];
}

/**
 * The session cookie, whatever its prefix. Of two lines for one cookie browsers keep the last; a line that clears a
 * cookie of this name with another domain or path does not affect it.
 */
export function sessionCookieOf(setCookies: readonly string[]): SetCookie | undefined {
  const all = setCookies.map(readSetCookie).filter(({ name }) => name.endsWith('.session_token'));
  const kept = all.filter(
    (cookie, at) => !all.slice(at + 1).some((later) => isSameCookie(later, cookie)),
  );
  return kept.findLast((cookie) => !cookie.isExpired) ?? kept.at(-1);
}

/** Browsers replace a cookie only by one with the same name, domain, path and partition. */
export function isSameCookie(one: SetCookie, other: SetCookie): boolean {
  return (
    one.name === other.name &&
    one.domain === other.domain &&
    one.path === other.path &&
    one.partitioned === other.partitioned
  );
}
