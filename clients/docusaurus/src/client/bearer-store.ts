/** The bearer token, for a browser that refuses the cookie. A sign-in stages it; it is sent only once committed. */

export interface BearerStore {
  /** The token in use, if any. */
  token(): string | undefined;
  /** A token came with a response: kept for `commit`, or replaces the one in use. */
  stage(token: string): void;
  /** Starts using the staged token. False if there is no token to use. */
  commit(): boolean;
  /** Stops sending the token in use, and keeps it for `commit`. */
  suspend(): void;
  /** Forgets the token in use and the staged one. */
  clear(): void;
}

/** The part of `sessionStorage` that is used. Its methods throw where the browser forbids storage. */
export type TokenStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** @param storage where the token survives a reload; without it, the token is kept in memory */
export function createBearerStore(key: string, storage?: TokenStorage): BearerStore {
  let staged: string | undefined;
  let used = attempt(() => storage?.getItem(key)) ?? undefined;

  function use(token: string) {
    used = token;
    attempt(() => storage?.setItem(key, token));
  }

  return {
    token: () => used,
    stage(token) {
      if (used === undefined) staged = token;
      else use(token);
    },
    commit() {
      if (staged !== undefined) use(staged);
      staged = undefined;
      return used !== undefined;
    },
    suspend() {
      staged = used ?? staged;
      used = undefined;
      attempt(() => storage?.removeItem(key));
    },
    clear() {
      staged = used = undefined;
      attempt(() => storage?.removeItem(key));
    },
  };
}

/** Storage that is forbidden or full is no error: the token is then in memory until the page is left. */
export function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}
