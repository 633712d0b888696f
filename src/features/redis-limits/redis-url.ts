/** Reads `REDIS_URL`. Its faults are described without its text, which holds a password. */

export interface RedisAddress {
  readonly host: string;
  readonly port: number;
  /** Of an account in the server's access list; undefined: its default account. */
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** The number of the database. */
  readonly database: number;
  readonly isEncrypted: boolean;
}

/** @returns a predicate whose subject is the variable; undefined if the URL is valid */
export function faultOfRedisUrl(text: string): string | undefined {
  const [scheme, rest] = text.split('://', 2);
  if (scheme !== 'redis' && scheme !== 'rediss') return 'is not a redis:// or rediss:// URL';
  if (rest === undefined || !URL.canParse(text)) {
    return 'is not a URL: write /, ?, # and @ of a password as %2F, %3F, %23 and %40';
  }
  const { hostname, username, password, pathname, search, hash } = new URL(text);
  if (hostname === '') return 'names no host';
  if (!isDecodable(username) || !isDecodable(password)) {
    return 'has a password that is not percent-encoded: write % as %25';
  }
  if (username !== '' && password === '') return 'has a name and no password: write :password@host';
  if (!/^\/?\d{0,4}$/.test(pathname)) return 'has a path that is not the number of a database';
  if (search !== '' || hash !== '') return 'has options after the path, which are not supported';
  return undefined;
}

/** @throws Error if the URL has a fault */
export function parseRedisUrl(text: string): RedisAddress {
  const fault = faultOfRedisUrl(text);
  if (fault !== undefined) throw new Error(`REDIS_URL ${fault}`);
  const { protocol, hostname, port, username, password, pathname } = new URL(text);
  return {
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? 6379 : Number(port),
    username: decodeURIComponent(username) || undefined,
    password: decodeURIComponent(password) || undefined,
    database: Number(pathname.slice(1)),
    isEncrypted: protocol === 'rediss:',
  };
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
