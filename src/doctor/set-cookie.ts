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
  readonly path: string | undefined;
  readonly maxAge: number | undefined;
  /** Of name and value together. */
  readonly bytes: number;
}

export function readSetCookie(line: string): SetCookie {
  const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
  const found = new Map(attributes.map((attribute) => split(attribute)));
  const [name, value] = split(pair, false);
  const maxAge = found.get('max-age');
  return {
    name,
    value,
    secure: found.has('secure'),
    httpOnly: found.has('httponly'),
    partitioned: found.has('partitioned'),
    sameSite: found.get('samesite')?.toLowerCase(),
    domain: found.get('domain')?.toLowerCase().replace(/^\./, ''),
    path: found.get('path'),
    maxAge: maxAge === undefined ? undefined : Number(maxAge),
    bytes: Buffer.byteLength(name) + Buffer.byteLength(value),
  };
}

function split(text: string, isAttribute = true): [string, string] {
  const at = text.indexOf('=');
  const name = (at === -1 ? text : text.slice(0, at)).trim();
  return [isAttribute ? name.toLowerCase() : name, at === -1 ? '' : text.slice(at + 1).trim()];
}

/** The one that signs in, whatever its prefix. */
export function sessionCookieOf(setCookies: readonly string[]): SetCookie | undefined {
  return setCookies.map(readSetCookie).find(({ name }) => name.endsWith('.session_token'));
}
