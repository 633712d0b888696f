/** Says what is being done, how long that has taken, and what is still under way: several things are, at once. */

export interface Progress {
  /** Says when a step begins and when it has ended. */
  during<T>(step: string, action: () => Promise<T>): Promise<T>;
  /** Says nothing any more. */
  stop(): void;
}

/** How often a long step is mentioned again. */
const reminderMs = 10_000;

/** @param print writes one line */
export function createProgress(print: (line: string) => void): Progress {
  const startedAt = Date.now();
  const underWay = new Set<string>();
  const elapsed = () => `[${String(Math.round((Date.now() - startedAt) / 1000)).padStart(3)} s]`;
  const reminder = setInterval(() => {
    if (underWay.size > 0) print(`${elapsed()} still: ${[...underWay].join('; ')}`);
  }, reminderMs);
  reminder.unref();
  return {
    async during(step, action) {
      underWay.add(step);
      print(`${elapsed()} ${step} …`);
      try {
        const result = await action();
        print(`${elapsed()} done: ${step}`);
        return result;
      } finally {
        underWay.delete(step);
      }
    },
    stop: () => clearInterval(reminder),
  };
}
