/** The bench's command line. */
import { parseArgs } from 'node:util';

export interface BenchOptions {
  /** Fewer and shorter rounds; the databases are as large as ever. */
  readonly quick: boolean;
  /** Fail where a measure is worse than its limit bound. */
  readonly check: boolean;
  /** Where the JSON goes, `-` for standard output; undefined for nowhere. */
  readonly json: string | undefined;
}

const usage = `npm run bench -- [--quick] [--check] [--json FILE]

  --quick      fewer and shorter rounds, and no cold start, whose two builds take minutes
  --check      exit with 1 where a measure is grossly worse than its target: below half of it, p50 above 1.3,
               memory above 1.2, or another number of queries
  --json FILE  write everything measured as JSON; - writes it to standard output, the table to standard error

Exit status: 0 all measured; 1 --check failed; 2 nothing was measured, because a contender answered wrongly or not
at all, or an option is unknown; 130 stopped by a signal.
`;

/** @throws on an unknown option, with the usage as its message */
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
