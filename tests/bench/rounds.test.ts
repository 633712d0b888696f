import { expect, test } from 'vitest';
import { takeTurns } from '../../bench/measures/rounds.js';

const options = { rounds: 3, secondsPerRound: 2, onProgress: () => undefined };

/** Two contenders whose samples are numbered in order of their turns. */
function turnsOfTwo() {
  const turns: string[] = [];
  const turn = (name: string) => (seconds: number) => {
    turns.push(`${name} ${seconds}`);
    return Promise.resolve({ value: turns.length });
  };
  return { turns, contenders: { a: turn('a'), b: turn('b') } };
}

test('every second round runs in reverse order, after one warm-up that is not a sample', async () => {
  const { turns, contenders } = turnsOfTwo();
  const samples = await takeTurns(contenders, { ...options, warmUpSeconds: 5 });
  expect(turns).toEqual(['a 5', 'b 5', 'a 2', 'b 2', 'b 2', 'a 2', 'a 2', 'b 2']);
  expect(samples).toEqual({
    a: [{ value: 3 }, { value: 6 }, { value: 7 }],
    b: [{ value: 4 }, { value: 5 }, { value: 8 }],
  });
});

test('contenders that are already warm have no turn before the first round', async () => {
  const { turns, contenders } = turnsOfTwo();
  await takeTurns(contenders, { ...options, warmUpSeconds: undefined });
  expect(turns).toHaveLength(6);
});
