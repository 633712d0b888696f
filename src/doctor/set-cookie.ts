/** Reads a Set-Cookie header as browsers do (RFC 6265bis 5.6): names without regard to case, the last of two counts. */

export interface SetCookie {
  readonly name: string;
  /** As it stands in the header, still percent-encoded. */
  readonly value: string;
  readonly secure: boolean;
  readonly httpOnly: boolean;
  readonly partitioned: boolean;
  /** In lower case; undefined where it is missing. */
  readonly sameSite: string | undefined;
  /** In lower case, without the leading dot; undefined: the one host that set it. */
  readonly domain: string | undefined;
  /** undefined: that of the request. */
  readonly path: string | undefined;
  /** By Max-Age, or where that says nothing by Expires: browsers drop it at once, and one they had as well. */
  readonly isExpired: boolean;
  /** Of name and value together. */
  readonly bytes: number;
}

export function readSetCookie(line: string): SetCookie {
  const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
  const found = new Map(attributes.map((attribute) => split(attribute)).filter(counts));
  const [name, value] = split(pair, false);
  return {
    name,
    value,
    secure: found.has('secure'),
    httpOnly: found.has('httponly'),
    partitioned: found.has('partitioned'),
    sameSite: found.get('samesite')?.toLowerCase(),
    domain: found.get('domain')?.toLowerCase().replace(/^\./, '') || undefined, // empty is as none
    path: found.get('path')?.startsWith('/') === true ? found.get('path') : undefined,
    isExpired: isExpired(found.get('max-age'), found.get('expires')),
    bytes: Buffer.byteLength(name) + Buffer.byteLength(value),
  };
}

/** Browsers pass over a Max-Age that is no whole number, and a date without a time of day. */
function counts([name, value]: readonly [string, string]): boolean {
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
 * The one that signs in, whatever its prefix. Of two lines for one cookie browsers keep the last; a line that clears
 * another domain's or path's cookie of this name is not about the one that was set.
 */
export function sessionCookieOf(setCookies: readonly string[]): SetCookie | undefined {
  const all = setCookies.map(readSetCookie).filter(({ name }) => name.endsWith('.session_token'));
  const kept = all.filter(
    (cookie, at) => !all.slice(at + 1).some((later) => isSame(later, cookie)),
  );
  return kept.findLast((cookie) => !cookie.isExpired) ?? kept.at(-1);
}

/** Browsers replace a cookie only by one of the same name, domain, path and partition. */
export function isSame(one: SetCookie, other: SetCookie): boolean {
  return (
    one.name === other.name &&
    one.domain === other.domain &&
    one.path === other.path &&
    one.partitioned === other.partitioned
  );
}
