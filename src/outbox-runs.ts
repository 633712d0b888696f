/** Runs that send what an outbox in the database holds: one at a time, repeated for what is written meanwhile. */

/** Nothing is started later than this after the start of a run: a platform ends functions after 30 seconds. */
const runMs = 8_000;
/** Looks for what other instances left behind. Rarely: a database that is asked nothing may suspend. */
const idleCheckMs = 15 * 60_000;
const afterDatabaseErrorMs = 30_000;

interface Outbox<Totals> {
  /** The totals of a run that has done nothing. */
  readonly none: () => Totals;
  /**
   * Sends what is due, and adds it to the totals.
   * @param hasTime whether the run may start something more
   * @returns when something is due next; undefined if nothing is left
   * @throws what the driver throws
   */
  readonly send: (totals: Totals, hasTime: () => boolean) => Promise<Date | undefined>;
  readonly onDatabaseError: (error: unknown) => void;
}

/** The functions of an OutboxWorker (outbox-worker.ts). */
interface OutboxRuns<Totals> {
  /** Joins the run that is under way. Never rejects: after an error of the database it has done nothing. */
  readonly sendDue: () => Promise<Totals>;
  readonly dueAt: () => number;
  /** Waits for the run that is under way. */
  readonly ended: () => Promise<void>;
}

export function createOutboxRuns<Totals>(
  { none, send, onDatabaseError }: Outbox<Totals>,
  now: () => Date,
): OutboxRuns<Totals> {
  let running: Promise<Totals> | undefined;
  let mustRepeat = false;
  let due = 0;

  async function run(): Promise<Totals> {
    const totals = none();
    const endsAt = performance.now() + runMs;
    const hasTime = () => performance.now() < endsAt;
    do {
      mustRepeat = false;
      due = Infinity; // until this pass has looked
      const next = await send(totals, hasTime);
      due = Math.min(next?.getTime() ?? Infinity, now().getTime() + idleCheckMs);
      // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- sendDue sets it meanwhile
    } while (mustRepeat && hasTime());
    return totals;
  }

  return {
    sendDue() {
      if (running !== undefined) {
        mustRepeat = true; // something may have been written after that run has looked
        return running;
      }
      running = run()
        .catch((error: unknown) => {
          due = now().getTime() + afterDatabaseErrorMs;
          onDatabaseError(error);
          return none();
        })
        .finally(() => {
          running = undefined;
          if (mustRepeat) due = 0;
        });
      return running;
    },
    dueAt: () => due,
    async ended() {
      await running;
    },
  };
}
