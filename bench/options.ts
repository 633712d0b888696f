/** The command line of `npm run bench`. */
import { parseArgs } from 'node:util';

export interface BenchOptions {
  /** Fewer and shorter rounds; the databases have the same size. */
  readonly quick: boolean;
  /** Fail if a measure is worse than its limit. */
  readonly check: boolean;
  /** File for the JSON, `-` for standard output; undefined for none. */
  readonly json: string | undefined;
}

const usage = `npm run bench -- [--quick] [--check] [--json FILE]

  --quick      fewer and shorter rounds, and no cold start, whose two builds take minutes
  --check      exit with 1 if a measure is far from its target: below half of a minimum, above twice a maximum,
               memory growth above 1.2, or another number of queries
  --json FILE  write all results as JSON; - writes them to standard output, and the table to standard error

Exit status: 0 all measured; 1 --check failed; 2 nothing measured, because a contender's response was wrong or
missing, or an option is unknown; 130 stopped by a signal.
`;

/** @throws for an unknown option, with the usage in the message */
export function readOptions(args: readonly string[]): BenchOptions {
  const options = {
    quick: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
    json: { type: 'string' },
  } as const;
  try {
    const { quick, check, json } = parseArgs({ args: [...args], options }).values;
    return { quick, check, json };
  } catch (cause) {
    throw new Error(`${(cause as Error).message}\n\n${usage}`, { cause });
  }
}
