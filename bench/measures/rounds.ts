/** How long everything takes: the same for each contender, and each contender's turn in every round. */

export interface RoundOptions {
  readonly rounds: number;
  readonly secondsPerRound: number;
  readonly warmUpSeconds: number;
  /** Told as a line of progress. */
  readonly onProgress: (sentence: string) => void;
}

/** One turn of one contender: what it measured, the higher or lower the better. */
export type Turn = (seconds: number) => Promise<number>;

/**
 * Gives every contender its turn in each round, so that what slows the machine slows them all. Every second round
 * goes backwards, so that none always follows the same neighbour.
 * @returns for each contender what it measured, round by round
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
