/** The bearer token, for a browser that refuses the cookie. It is offered at sign-in and used only once adopted. */

export interface BearerStore {
  /** The token in use, if any. */
  token(): string | undefined;
  /** A token came with an answer: kept aside, or in place of the one in use. */
  offer(token: string): void;
  /** Uses the token that was offered. False where none was. */
  adopt(): boolean;
  /** Forgets the token in use and the one offered. */
  drop(): void;
}

/** The part of `sessionStorage` that is used. Its methods throw where a browser forbids storage. */
export type TokenStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** @param storage where the token outlives a reload; without it, it is kept in memory */
export function createBearerStore(key: string, storage?: TokenStorage): BearerStore {
  let offered: string | undefined;
  let used = attempt(() => storage?.getItem(key)) ?? undefined;

  function use(token: string) {
    used = token;
    attempt(() => storage?.setItem(key, token));
  }

  return {
    token: () => used,
    offer(token) {
      if (used === undefined) offered = token;
      else use(token);
    },
    adopt() {
      if (offered !== undefined) use(offered);
      offered = undefined;
      return used !== undefined;
    },
    drop() {
      offered = used = undefined;
      attempt(() => storage?.removeItem(key));
    },
  };
}

function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined; // storage is forbidden or full: memory serves until the page is left
  }
}
