/** Runs contenders in rounds: each one has a turn of the same length in every round. */

export interface RoundOptions {
  readonly rounds: number;
  readonly secondsPerRound: number;
  /** Length of the turn before the first round; undefined for contenders that are already warm. */
  readonly warmUpSeconds?: number | undefined;
  /** Called with each progress message. */
  readonly onProgress: (message: string) => void;
}

/**
 * For sign-ins: there are so few per second that after a short warm-up the code would not be optimised yet, and a short
 * round would have hardly any.
 */
export function longRounds(options: RoundOptions): RoundOptions {
  return {
    ...options,
    secondsPerRound: Math.max(4, 2 * options.secondsPerRound),
    warmUpSeconds: 2 * (options.warmUpSeconds ?? 0),
  };
}

/** What one turn measured; `value` is what progress messages show. */
export interface Sample {
  readonly value: number;
}

/** One turn of one contender. */
export type Turn<S extends Sample> = (seconds: number) => Promise<S>;

/**
 * Runs every contender once per round, so that load on the machine affects them all. Every second round runs in reverse
 * order, so that no contender always follows the same one.
 * @returns for each contender its samples in order of the rounds, without the warm-up
 */
export async function takeTurns<Name extends string, S extends Sample>(
  turns: Readonly<Record<Name, Turn<S>>>,
  { rounds, secondsPerRound, warmUpSeconds, onProgress }: RoundOptions,
): Promise<Record<Name, S[]>> {
  const names = Object.keys(turns) as Name[];
  const samples = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<
    Name,
    S[]
  >;
  if (warmUpSeconds !== undefined) for (const name of names) await turns[name](warmUpSeconds);
  for (let round = 1; round <= rounds; round += 1) {
    for (const name of round % 2 === 1 ? names : names.toReversed()) {
      const sample = await turns[name](secondsPerRound);
      samples[name].push(sample);
      const shown = sample.value.toFixed(sample.value < 100 ? 2 : 0);
      onProgress(`round ${round} of ${rounds}, ${name}: ${shown}`);
    }
  }
  return samples;
}

/** The values of samples, in the same order. */
export function valuesOf(samples: readonly Sample[]): number[] {
  return samples.map(({ value }) => value);
}
