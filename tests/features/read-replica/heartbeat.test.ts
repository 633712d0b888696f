/** How old the state of a replica is at most, from the beat that it shows. */
import { beforeEach, expect, test } from 'vitest';
import {
  checksPerBound,
  createHeartbeat,
  type Heartbeat,
} from '../../../src/features/read-replica/heartbeat.js';

const maxLagMs = 900;
let time: { monotonic: number; wall: number };
let written: string[];
let failure: Error | undefined;
let failures: unknown[];
let write: () => Promise<void>;
let heartbeat: Heartbeat;
beforeEach(() => {
  time = { monotonic: 5_000, wall: 1_800_000_000_000 };
  written = [];
  failure = undefined;
  failures = [];
  write = () => (failure === undefined ? Promise.resolve() : Promise.reject(failure));
  heartbeat = createHeartbeat({
    maxLagMs,
    async write(id, beat) {
      expect(id).toBe(heartbeat.id);
      await write();
      written.push(beat);
    },
    onFailure: (error) => void failures.push(error),
    clocks: { monotonic: () => time.monotonic, wall: () => time.wall },
  });
});

function pass(milliseconds: number): void {
  time.monotonic += milliseconds;
  time.wall += milliseconds;
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** As many checks at once as are needed for a beat; waits until it is written or has failed. */
async function checkOften(): Promise<void> {
  for (let each = 0; each < checksPerBound; each += 1) heartbeat.keepBeating();
  await settled();
}

async function nextBeat(): Promise<string> {
  const count = written.length;
  await checkOften();
  const [beat] = written.slice(count);
  if (beat === undefined) throw new Error('no beat was due');
  return beat;
}

test('a beat is written at most once in a third of the bound', async () => {
  expect(heartbeat.isBeating()).toBe(false);
  await checkOften();
  pass(299);
  await checkOften();
  expect(written).toHaveLength(1);
  pass(1);
  await checkOften();
  expect(written).toHaveLength(2);
  expect(new Set(written).size).toBe(2);
});

test('no beat is written for fewer checks than it costs', async () => {
  for (let each = 0; each < 200; each += 1) {
    heartbeat.keepBeating();
    await settled();
    pass(maxLagMs / (checksPerBound - 2));
  }
  expect(written).toEqual([]);
});

test('a state that shows a beat is recent until the bound has passed since it was sent', async () => {
  const beat = await nextBeat();
  expect(heartbeat.recencyOf(beat)).toBe('recent');
  pass(maxLagMs);
  expect(heartbeat.recencyOf(beat)).toBe('recent');
  expect(heartbeat.isBeating()).toBe(true);
  pass(1);
  expect(heartbeat.recencyOf(beat)).not.toBe('recent');
  expect(heartbeat.isBeating()).toBe(false);
});

test.each([
  ['none', null],
  ['one of another process, or of a copy of this one', 'f81d4fae-7dec-41d0-a765-00a0c91e6bf6'],
])('a state that shows %s is arriving at first, and behind after the bound', async (_, shown) => {
  await nextBeat();
  expect(heartbeat.recencyOf(shown)).toBe('arriving');
  pass(maxLagMs + 1);
  await nextBeat();
  expect(heartbeat.recencyOf(shown)).toBe('behind');
});

test('after a time without checks, the last beat of before makes no replica late', async () => {
  const before = await nextBeat();
  pass(10 * maxLagMs);
  const beat = await nextBeat();
  expect(heartbeat.recencyOf(before)).toBe('arriving');
  expect(heartbeat.recencyOf(beat)).toBe('recent');
  pass(maxLagMs + 1);
  await nextBeat();
  expect(heartbeat.recencyOf(before)).toBe('behind');
});

test('nor does the absence of a row that the sweep has deleted meanwhile', async () => {
  await nextBeat();
  pass(86_400_000);
  await nextBeat();
  expect(heartbeat.recencyOf(null)).toBe('arriving');
});

test('of several replicas, each is recent by the beat that it shows itself', async () => {
  const first = await nextBeat();
  pass(600);
  const second = await nextBeat();
  pass(600);
  expect(heartbeat.recencyOf(second)).toBe('recent');
  expect(heartbeat.recencyOf(first)).not.toBe('recent');
});

test('the time in which the machine was suspended counts, although the monotonic clock stood still', async () => {
  const beat = await nextBeat();
  time.wall += maxLagMs + 1;
  expect(heartbeat.recencyOf(beat)).not.toBe('recent');
});

test('a clock that is set back makes no state younger', async () => {
  const beat = await nextBeat();
  time.wall -= 86_400_000;
  time.monotonic += maxLagMs + 1;
  expect(heartbeat.recencyOf(beat)).not.toBe('recent');
});

test('a beat that could not be written is reported, and followed by another one', async () => {
  failure = new Error('the primary is down');
  await checkOften();
  expect(failures).toEqual([failure]);
  expect(heartbeat.isBeating()).toBe(false);
  failure = undefined;
  pass(300);
  await checkOften();
  expect(written).toHaveLength(1);
  expect(heartbeat.isBeating()).toBe(true);
});

test('while a beat is on its way, no other one begins', async () => {
  let finish: () => void = () => undefined;
  let started = 0;
  write = () => {
    started += 1;
    return new Promise<void>((resolve) => (finish = resolve));
  };
  await checkOften();
  pass(10 * maxLagMs);
  await checkOften();
  expect(started).toBe(1);
  finish();
  await settled();
  expect(heartbeat.isBeating()).toBe(false); // it was sent too long ago
  await checkOften();
  expect(started).toBe(2);
});
