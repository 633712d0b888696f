/** After a failure the replica is left alone: one caller tries again after the pause, while the others go on without it. */
export interface Pause {
  /** Whether the caller should ask: there was no failure, or it is the one that tries again. */
  readonly isOver: () => boolean;
  readonly begin: (milliseconds: number) => void;
  readonly end: () => void;
}

/** @param now a monotonic clock in milliseconds */
export function createPause(now = () => performance.now()): Pause {
  let current: { readonly milliseconds: number; until: number } | undefined;
  return {
    isOver() {
      if (current === undefined) return true;
      if (now() < current.until) return false;
      current.until = now() + current.milliseconds;
      return true;
    },
    begin(milliseconds) {
      current = { milliseconds, until: now() + milliseconds };
    },
    end() {
      current = undefined;
    },
  };
}
