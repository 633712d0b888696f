/** How old the state of a replica is at most, from the beat that it shows. */
import { beforeEach, expect, test } from 'vitest';
import { createHeartbeat, type Heartbeat } from '../../../src/features/read-replica/heartbeat.js';

const maxLagMs = 900;
let time: { monotonic: number; wall: number };
let written: { id: string; beat: number }[];
let failure: Error | undefined;
let heartbeat: Heartbeat;
beforeEach(() => {
  time = { monotonic: 5_000, wall: 1_800_000_000_000 };
  written = [];
  failure = undefined;
  heartbeat = createHeartbeat({
    maxLagMs,
    write(id, beat) {
      if (failure !== undefined) return Promise.reject(failure);
      written.push({ id, beat });
      return Promise.resolve();
    },
    clocks: { monotonic: () => time.monotonic, wall: () => time.wall },
  });
});

function pass(milliseconds: number): void {
  time.monotonic += milliseconds;
  time.wall += milliseconds;
}

/** Begins a beat if one is due, and waits until it is written or has failed. */
async function keepBeating(): Promise<void> {
  heartbeat.keepBeating();
  await new Promise((resolve) => setImmediate(resolve));
}

const beats = () => written.map(({ beat }) => beat);

test('a beat is written at most once in a third of the bound, and only when asked', async () => {
  expect(heartbeat.isBeating()).toBe(false);
  await keepBeating();
  await keepBeating();
  pass(299);
  await keepBeating();
  expect(beats()).toEqual([1]);
  pass(1);
  await keepBeating();
  expect(beats()).toEqual([1, 2]);
  expect(new Set(written.map(({ id }) => id))).toEqual(new Set([heartbeat.id]));
});

test('a state that shows a beat is recent until the bound has passed since it was sent', async () => {
  await keepBeating();
  expect(heartbeat.isRecent(1)).toBe(true);
  pass(maxLagMs);
  expect(heartbeat.isRecent(1)).toBe(true);
  expect(heartbeat.isBeating()).toBe(true);
  pass(1);
  expect(heartbeat.isRecent(1)).toBe(false);
  expect(heartbeat.isBeating()).toBe(false);
});

test.each([
  ['none', null],
  ['one that was never sent', 2],
  ['an older one of a process with this name', 0],
  ['a negative one', -1],
])('a state that shows %s is not recent', async (_which, beat) => {
  await keepBeating();
  expect(heartbeat.isRecent(beat)).toBe(false);
});

test('of several replicas, each is recent by the beat that it shows itself', async () => {
  await keepBeating();
  pass(600);
  await keepBeating();
  pass(600);
  expect(heartbeat.isRecent(2)).toBe(true);
  expect(heartbeat.isRecent(1)).toBe(false);
});

test('the time in which the machine was suspended counts, although the monotonic clock stood still', async () => {
  await keepBeating();
  time.wall += maxLagMs + 1;
  expect(heartbeat.isRecent(1)).toBe(false);
});

test('a clock that is set back makes no state younger', async () => {
  await keepBeating();
  time.wall -= 86_400_000;
  time.monotonic += maxLagMs + 1;
  expect(heartbeat.isRecent(1)).toBe(false);
});

test('a beat that could not be written is repeated as another one, and never seen as written', async () => {
  failure = new Error('the primary is down');
  await keepBeating();
  expect(heartbeat.isBeating()).toBe(false);
  failure = undefined;
  pass(300);
  await keepBeating();
  expect(beats()).toEqual([2]);
  expect(heartbeat.isBeating()).toBe(true);
});

test('while a beat is on its way, no other one begins', async () => {
  let finish: () => void = () => undefined;
  let started = 0;
  const slow = createHeartbeat({
    maxLagMs,
    write() {
      started += 1;
      return new Promise<void>((resolve) => (finish = resolve));
    },
    clocks: { monotonic: () => time.monotonic, wall: () => time.wall },
  });
  slow.keepBeating();
  pass(10 * maxLagMs);
  slow.keepBeating();
  expect(started).toBe(1);
  finish();
  await new Promise((resolve) => setImmediate(resolve));
  expect(slow.isBeating()).toBe(false); // it was sent too long ago
  slow.keepBeating();
  expect(started).toBe(2);
});
