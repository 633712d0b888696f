/** Runs contenders in rounds: each one has a turn of the same length in every round. */

export interface RoundOptions {
  readonly rounds: number;
  readonly secondsPerRound: number;
  readonly warmUpSeconds: number;
  /** Called with each progress message. */
  readonly onProgress: (message: string) => void;
}

/** One turn of one contender; returns the measured value. */
export type Turn = (seconds: number) => Promise<number>;

/**
 * Runs every contender once per round, so that load on the machine affects them all. Every second round runs in reverse
 * order, so that no contender always follows the same one.
 * @returns for each contender its values in order of the rounds
 */
export async function takeTurns<Name extends string>(
  turns: Readonly<Record<Name, Turn>>,
  { rounds, secondsPerRound, warmUpSeconds, onProgress }: RoundOptions,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(turns) as Name[];
  const measured = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<
    Name,
    number[]
  >;
  for (const name of names) await turns[name](warmUpSeconds);
  for (let round = 1; round <= rounds; round += 1) {
    for (const name of round % 2 === 1 ? names : names.toReversed()) {
      const value = await turns[name](secondsPerRound);
      measured[name].push(value);
      onProgress(`round ${round} of ${rounds}, ${name}: ${value.toFixed(value < 100 ? 2 : 0)}`);
    }
  }
  return measured;
}
