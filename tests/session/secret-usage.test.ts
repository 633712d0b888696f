import { expect, test } from 'vitest';
import { createSecretUsageCounter } from '../../src/session/secret-usage.js';

/** A counter, its clock, and its reports. */
function counter(versions: number[]) {
  const reports: object[] = [];
  let ms = 0;
  const count = createSecretUsageCounter({
    versions,
    now: () => new Date(ms),
    onReport: (checks, since) => reports.push({ checks, since: since.getTime() }),
    everyMs: 1000,
  });
  return { count, reports, passes: (more: number) => (ms += more) };
}

test('reports the number of credentials per version once per interval, including zeros', () => {
  const { count, reports, passes } = counter([3, 2, 1]);
  count(3);
  count(3);
  count(1);
  expect(reports).toEqual([]);
  passes(1000);
  count(3);
  expect(reports).toEqual([{ checks: { 3: 3, 2: 0, 1: 1 }, since: 0 }]);
  passes(2000);
  count(2);
  expect(reports[1]).toEqual({ checks: { 3: 0, 2: 1, 1: 0 }, since: 1000 });
});

test('credentials that no secret signed are not counted', () => {
  const { count, reports, passes } = counter([2, 1]);
  passes(1000);
  count(undefined);
  expect(reports).toEqual([]);
});

test('with one secret there are no reports', () => {
  const { count, reports, passes } = counter([1]);
  passes(5000);
  count(1);
  expect(reports).toEqual([]);
});
