/** The provider of the last sign-in in this browser, which the sign-in page marks. */
import { attempt, type TokenStorage } from './bearer-store.js';

export interface LastProvider {
  readonly id: () => string | undefined;
  readonly set: (id: string) => void;
  /** A sign-in without a provider. */
  readonly clear: () => void;
}

export function createLastProvider(key: string, storage: TokenStorage | undefined): LastProvider {
  return {
    id: () => attempt(() => storage?.getItem(key)) ?? undefined,
    set: (id) => attempt(() => storage?.setItem(key, id)),
    clear: () => attempt(() => storage?.removeItem(key)),
  };
}
