import { expect, test } from 'vitest';
import {
  createConcurrencyLimit,
  NotAdmittedError,
  type ConcurrencyLimit,
} from '../src/concurrency-limit.js';
import { until } from './support/until.js';

/** Work that runs until it is ended, and the order in which it started. */
function createWork(limit: ConcurrencyLimit) {
  const begun: string[] = [];
  const ends = new Map<string, (error?: Error) => void>();
  let running = 0;
  let most = 0;
  const start = (name: string, signal?: AbortSignal) =>
    limit.run(async () => {
      begun.push(name);
      running += 1;
      most = Math.max(most, running);
      try {
        await new Promise<void>((resolve, reject) => {
          ends.set(name, (error) => (error ? reject(error) : resolve()));
        });
        return name;
      } finally {
        running -= 1;
      }
    }, signal);
  return {
    begun,
    most: () => most,
    start,
    end: (name: string, error?: Error) => ends.get(name)?.(error),
    began: (name: string) => until(() => Promise.resolve(begun.includes(name))),
  };
}

const settled = (work: Promise<unknown>) =>
  work.then(
    (value) => value,
    (error: unknown) => error,
  );

test('runs at most the limit concurrently, in the order of arrival', async () => {
  const work = createWork(createConcurrencyLimit({ concurrency: 3 }));
  const names = Array.from({ length: 20 }, (_unused, n) => `work ${n}`);
  const all = names.map((name) => work.start(name));
  for (const name of names) {
    await work.began(name);
    work.end(name);
  }
  expect(await Promise.all(all)).toEqual(names);
  expect(work.begun).toEqual(names);
  expect(work.most()).toBe(3);
});

test.each([
  [true, ['second began', 'first returned']],
  [false, ['first returned', 'second began']],
])(
  'the next work starts before the caller of the previous one continues, if it runs on another thread: %s',
  async (runsOnOtherThread, expected) => {
    const limit = createConcurrencyLimit({ concurrency: 1, runsOnOtherThread });
    const order: string[] = [];
    let end: () => void = () => undefined;
    const running = new Promise<void>((resolve) => (end = resolve));
    const first = limit.run(() => running).then(() => order.push('first returned'));
    const second = limit.run(() => Promise.resolve(order.push('second began')));
    await new Promise(setImmediate);
    expect(order).toEqual([]);
    end();
    await Promise.all([first, second]);
    expect(order).toEqual(expected);
  },
);

test('work that fails releases its slot, and its error is propagated', async () => {
  const work = createWork(createConcurrencyLimit({ concurrency: 1 }));
  const failing = settled(work.start('failing'));
  const next = work.start('next');
  await work.began('failing');
  expect(work.begun).toEqual(['failing']);
  work.end('failing', new Error('the hash failed'));
  expect(await failing).toEqual(new Error('the hash failed'));
  await work.began('next');
  work.end('next');
  expect(await next).toBe('next');
});

test('work that throws synchronously releases its slot too', async () => {
  const limit = createConcurrencyLimit({ concurrency: 1 });
  const throwing = () => {
    throw new Error('at once');
  };
  await expect(limit.run(throwing)).rejects.toThrow('at once');
  expect(await limit.run(() => Promise.resolve('next'))).toBe('next');
});

test('work is rejected immediately, without being started, while the queue is full', async () => {
  const work = createWork(createConcurrencyLimit({ concurrency: 1, maxQueueLength: 2 }));
  const first = work.start('first');
  await work.began('first');
  const waiting = [work.start('second'), work.start('third')];
  await expect(work.start('fourth')).rejects.toThrow(NotAdmittedError);
  for (const name of ['first', 'second', 'third']) {
    await work.began(name);
    work.end(name);
  }
  expect(await Promise.all([first, ...waiting])).toEqual(['first', 'second', 'third']);
  expect(work.begun).not.toContain('fourth');
});

test('work is rejected after the maximum wait and leaves the queue', async () => {
  const work = createWork(
    createConcurrencyLimit({ concurrency: 1, maxQueueLength: 1, maxWaitMs: 50 }),
  );
  const first = work.start('first');
  await work.began('first');
  await expect(work.start('second')).rejects.toThrow(NotAdmittedError);
  const third = settled(work.start('third')); // the queue has room for one: the second has left
  work.end('first');
  await first;
  await work.began('third');
  work.end('third');
  expect(await third).toBe('third');
  expect(work.begun).toEqual(['first', 'third']);
});

test('aborted work leaves the queue without being started, and the next one starts', async () => {
  const work = createWork(createConcurrencyLimit({ concurrency: 1, maxQueueLength: 2 }));
  const first = work.start('first');
  await work.began('first');
  const gone = new AbortController();
  const left = settled(work.start('left', gone.signal));
  const next = work.start('next');
  gone.abort();
  expect(await left).toBeInstanceOf(NotAdmittedError);
  work.end('first');
  await work.began('next');
  work.end('next');
  await Promise.all([first, next]);
  expect(work.begun).toEqual(['first', 'next']);
  await expect(work.start('late', gone.signal)).rejects.toThrow(NotAdmittedError);
  expect(work.begun).not.toContain('late');
});

test('aborting running work does not release its slot, because the work continues', async () => {
  const work = createWork(createConcurrencyLimit({ concurrency: 1 }));
  const gone = new AbortController();
  const first = work.start('first', gone.signal);
  await work.began('first');
  gone.abort();
  const second = work.start('second');
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  expect(work.begun).toEqual(['first']);
  work.end('first');
  await work.began('second');
  work.end('second');
  expect(await Promise.all([first, second])).toEqual(['first', 'second']);
});

test('the front of the queue may wait longer, and advances as the queue empties', async () => {
  const limit = createConcurrencyLimit({
    concurrency: 1,
    maxWaitMs: 50,
    frontLength: 2,
    maxFrontWaitMs: 60_000,
  });
  const work = createWork(limit);
  const held = work.start('held');
  await work.began('held');
  const front = [work.start('one'), work.start('two')];
  await expect(work.start('three')).rejects.toThrow(NotAdmittedError);
  work.end('held');
  for (const name of ['one', 'two']) {
    await work.began(name);
    work.end(name);
  }
  expect(await Promise.all([held, ...front])).toEqual(['held', 'one', 'two']);
});

test('the front of the queue is rejected after its own maximum wait', async () => {
  const limit = createConcurrencyLimit({
    concurrency: 1,
    maxWaitMs: 20,
    frontLength: 2,
    maxFrontWaitMs: 200,
  });
  const work = createWork(limit);
  const held = work.start('held');
  await work.began('held');
  const startedAt = performance.now();
  await expect(work.start('one')).rejects.toThrow(NotAdmittedError);
  expect(performance.now() - startedAt).toBeGreaterThan(190);
  work.end('held');
  await held;
});

test('a rejection distinguishes blocked work from load', async () => {
  const watchHoldUp = () => () => true;
  const limit = createConcurrencyLimit({ concurrency: 1, maxWaitMs: 500, watchHoldUp });
  const work = createWork(limit);
  const held = work.start('held');
  await work.began('held');
  expect(await settled(work.start('behind'))).toMatchObject({ isHeldUp: true });
  work.end('held');
  await held;
  const brief = () => new Promise<void>((resolve) => setTimeout(resolve, 20));
  const many = await Promise.all(Array.from({ length: 60 }, () => settled(limit.run(brief))));
  const refused = many.filter((one) => one instanceof NotAdmittedError);
  expect(refused.length).toBeGreaterThan(0);
  for (const refusal of refused) expect(refusal).toMatchObject({ isHeldUp: false });
});

test('the event loop handles socket events between two starts', async () => {
  const limit = createConcurrencyLimit({ concurrency: 10 });
  let turn = 0;
  let isOver = false;
  const countTurns = () => {
    turn += 1;
    if (!isOver) setImmediate(countTurns);
  };
  setImmediate(countTurns);
  const begin = () => limit.run(() => Promise.resolve(turn));
  const turns = await Promise.all(Array.from({ length: 10 }, begin));
  isOver = true;
  expect(new Set(turns).size).toBe(10);
});
