import { expect, test } from 'vitest';
import { groups } from '../../bench/measures.js';
import { measureGroups, readOptions } from '../../bench/options.js';

test('by default everything is measured, and nothing is shortened, checked, installed or written', () => {
  expect(readOptions([])).toEqual({
    quick: false,
    check: false,
    python: false,
    json: undefined,
    rows: 10_000_000,
    only: undefined,
  });
});

test('all options can be combined', () => {
  const given = ['--quick', '--check', '--python', '--json', 'bench.json', '--only', 'start,storm'];
  expect(readOptions(given)).toEqual({
    quick: true,
    check: true,
    python: true,
    json: 'bench.json',
    rows: 1_000_000,
    only: ['start', 'storm'],
  });
});

test.each([
  [['--quik']],
  [['--json']],
  [['quick']],
  [['--only', 'start,strom']],
  [['--only', '']],
  [['--rows', '0']],
  [['--rows', '1e9']],
])('%j is refused with the usage', (args) => {
  expect(() => readOptions(args)).toThrow(
    'npm run bench -- [--quick] [--check] [--only NAME[,NAME]] [--rows N] [--python] [--json FILE]',
  );
});

test('the usage names every measure that --only takes', () => {
  expect(Object.keys(groups)).toEqual([...measureGroups]);
  expect(() => readOptions(['--only', 'all'])).toThrow(
    `these measures: ${measureGroups.join(', ')}`,
  );
});
