import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createOutboxRuns } from '../src/outbox-runs.js';

const start = new Date('2026-11-28T12:00:00Z');
const minuteMs = 60_000;

/** Runs of an outbox whose passes are these, in this order. */
function runsOf(...passes: (() => Promise<Date | undefined>)[]) {
  const errors: unknown[] = [];
  const outbox = {
    none: () => ({ passes: 0 }),
    async send(totals: { passes: number }) {
      await Promise.resolve(); // as the database, which never answers at once
      totals.passes += 1;
      return passes.shift()?.() ?? Promise.reject(new Error('a pass too many'));
    },
    onDatabaseError: (error: unknown) => void errors.push(error),
  };
  return { ...createOutboxRuns(outbox, () => start), errors };
}

test('the first run is due at once, and none while it looks', async () => {
  const runs = runsOf(() => {
    expect(runs.dueAt()).toBe(Infinity);
    return Promise.resolve(undefined);
  });
  expect(runs.dueAt()).toBe(0);
  await runs.sendDue();
  expect(runs.errors).toEqual([]);
});

test('the next run is due when the outbox says so, at the latest after fifteen minutes', async () => {
  const latest = start.getTime() + 15 * minuteMs;
  const soon = new Date(start.getTime() + minuteMs);
  const runs = runsOf(
    () => Promise.resolve(soon),
    () => Promise.resolve(undefined),
    () => Promise.resolve(new Date(latest + 1)),
  );
  await runs.sendDue();
  expect(runs.dueAt()).toBe(soon.getTime());
  await runs.sendDue();
  expect(runs.dueAt()).toBe(latest);
  await runs.sendDue();
  expect(runs.dueAt()).toBe(latest);
});

test('a call during a run joins it, and the run looks again', async () => {
  let finish: (next: undefined) => void = () => undefined;
  const runs = runsOf(
    () => {
      joined = runs.sendDue();
      return Promise.resolve(undefined);
    },
    () => new Promise((resolve) => (finish = resolve)),
  );
  let joined: Promise<{ passes: number }> | undefined;
  const first = runs.sendDue();
  let hasEnded = false;
  const ended = runs.ended().then(() => (hasEnded = true));
  await setImmediate();
  expect(joined).toBe(first);
  expect(hasEnded).toBe(false);
  finish(undefined);
  expect(await first).toEqual({ passes: 2 });
  await ended;
});

test('after an error of the database the run has done nothing, and the next is due in thirty seconds', async () => {
  const error = new Error('no connection');
  const runs = runsOf(
    () => Promise.reject(error),
    () => Promise.resolve(undefined),
  );
  expect(await runs.sendDue()).toEqual({ passes: 0 });
  expect(runs.errors).toEqual([error]);
  expect(runs.dueAt()).toBe(start.getTime() + 30_000);
  expect(await runs.sendDue()).toEqual({ passes: 1 });
});

test('a call during a run that fails makes the next one due at once', async () => {
  const runs = runsOf(() => {
    void runs.sendDue();
    return Promise.reject(new Error('no connection'));
  });
  await runs.sendDue();
  expect(runs.dueAt()).toBe(0);
});
