/** Prints which steps are running and the elapsed time; several steps may run concurrently. */

export interface Progress {
  /** Prints when a step starts and when it has finished. */
  during<T>(step: string, action: () => Promise<T>): Promise<T>;
  /** Stops printing reminders. */
  stop(): void;
}

/** How often running steps are listed again. */
const reminderMs = 10_000;

/** @param print prints one line */
export function createProgress(print: (line: string) => void): Progress {
  const startedAt = Date.now();
  const runningSteps = new Set<string>();
  const elapsed = () => `[${String(Math.round((Date.now() - startedAt) / 1000)).padStart(3)} s]`;
  const reminder = setInterval(() => {
    if (runningSteps.size > 0) print(`${elapsed()} still running: ${[...runningSteps].join('; ')}`);
  }, reminderMs);
  reminder.unref();
  return {
    async during(step, action) {
      runningSteps.add(step);
      print(`${elapsed()} ${step} …`);
      try {
        const result = await action();
        print(`${elapsed()} done: ${step}`);
        return result;
      } finally {
        runningSteps.delete(step);
      }
    },
    stop: () => clearInterval(reminder),
  };
}
