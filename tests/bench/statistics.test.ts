import { expect, test } from 'vitest';
import { median, ratiosOf } from '../../bench/statistics.js';

test('the median sorts numerically, not by digits', () => {
  expect(median([100, 9, 10])).toBe(10);
});

test('the median of an even number of values is the mean of the two middle ones', () => {
  expect(median([4, 1, 100, 2])).toBe(3);
});

test('one outlier among the rounds does not move the median', () => {
  expect(median([5.1, 5.0, 0.2, 5.2, 5.1])).toBe(5.1);
});

test('the median does not reorder its input', () => {
  const rounds = [3, 1, 2];
  median(rounds);
  expect(rounds).toEqual([3, 1, 2]);
});

test('the median of an empty list throws', () => {
  expect(() => median([])).toThrow('nothing was measured');
});

test('ratios are computed per round, so that a slow round affects both sides', () => {
  expect(ratiosOf([500, 50], [100, 10])).toEqual([5, 5]);
});

test('ratios of unequal numbers of rounds throw', () => {
  expect(() => ratiosOf([1, 2], [1])).toThrow('both sides');
});
