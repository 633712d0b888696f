/** The advice to change a password that is known from a data breach, from the sign-in until the page is reloaded. */

export interface PasswordAdvice {
  /** What the answer of a sign-in says; false once the password was changed. */
  readonly set: (isBreached: boolean) => void;
  /** Whether to show it to this user: it belongs to the first one seen after the sign-in. */
  readonly isFor: (userId: string) => boolean;
  readonly isSet: () => boolean;
  readonly subscribe: (listener: () => void) => () => void;
}

export function createPasswordAdvice(): PasswordAdvice {
  const listeners = new Set<() => void>();
  let isBreached = false;
  let owner: string | undefined;
  return {
    set(next) {
      owner = undefined;
      isBreached = next;
      for (const listener of listeners) listener();
    },
    isFor(userId) {
      if (!isBreached) return false;
      owner ??= userId;
      return owner === userId;
    },
    isSet: () => isBreached,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
