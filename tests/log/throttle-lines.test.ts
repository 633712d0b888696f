import { expect, test } from 'vitest';
import { throttleLines } from '../../src/log/throttle-lines.js';

test('the first line of a minute is logged, with how many were left out since the last one', () => {
  let time = 0;
  const omitted = throttleLines(() => time);
  expect(omitted()).toBe(0);
  time = 59_999;
  expect([omitted(), omitted()]).toEqual([undefined, undefined]);
  time = 60_000;
  expect(omitted()).toBe(2);
  time = 120_000;
  expect(omitted()).toBe(0);
});

test('lines of another kind are counted apart', () => {
  const omitted = throttleLines(() => 0);
  expect([omitted('a'), omitted('b'), omitted('a')]).toEqual([0, 0, undefined]);
});
