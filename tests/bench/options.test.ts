import { expect, test } from 'vitest';
import { readOptions } from '../../bench/options.js';

test('by default nothing is shortened, checked or written', () => {
  expect(readOptions([])).toEqual({ quick: false, check: false, json: undefined });
});

test('all options can be combined', () => {
  const given = ['--quick', '--check', '--json', 'bench.json'];
  expect(readOptions(given)).toEqual({ quick: true, check: true, json: 'bench.json' });
});

test.each([[['--quik']], [['--json']], [['quick']]])('%j is refused with the usage', (args) => {
  expect(() => readOptions(args)).toThrow('npm run bench -- [--quick] [--check] [--json FILE]');
});
