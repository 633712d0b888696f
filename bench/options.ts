/** The command line of `npm run bench`. */
import { parseArgs } from 'node:util';

export const measureGroups = [
  'queries',
  'sessions',
  'sign-in',
  'limits',
  'attacks',
  'storm',
  'dev-storm',
  'memory',
  'scale',
  'start',
  'cold-start',
] as const;

/** Measures that share their processes and are printed together. */
export type MeasureGroup = (typeof measureGroups)[number];

export interface BenchOptions {
  /** Fewer and shorter rounds; the databases have the same size. */
  readonly quick: boolean;
  /** Fail if a measure is worse than its limit. */
  readonly check: boolean;
  /** Download the libraries of the Python contender. */
  readonly python: boolean;
  /** File for the JSON, `-` for standard output; undefined for none. */
  readonly json: string | undefined;
  /** Undefined: all of them. */
  readonly only: readonly MeasureGroup[] | undefined;
}

const usage = `npm run bench -- [--quick] [--check] [--only NAME[,NAME]] [--python] [--json FILE]

  --quick      fewer and shorter rounds, without what takes long: cold-start, dev-storm, BetterAuth during the storm,
               passport and fastapi-users
  --check      exit with 1 if a measure is far from its target: below half of a minimum, above twice a maximum,
               memory growth above 1.2, or another number of queries
  --only NAME  only these measures: ${measureGroups.join(', ')}
  --python     install the libraries of fastapi-users first, with python3 and pip; without this option fastapi-users is
               measured if they have been installed before
  --json FILE  write all results as JSON; - writes them to standard output, and the tables to standard error

Exit status: 0 all measured; 1 --check failed; 2 nothing measured, because a contender's response was wrong or
missing, or an option is unknown; 130 stopped by a signal.
`;

/** @throws for an unknown option or measure, with the usage in the message */
export function readOptions(args: readonly string[]): BenchOptions {
  const options = {
    quick: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
    python: { type: 'boolean', default: false },
    json: { type: 'string' },
    only: { type: 'string' },
  } as const;
  try {
    const { only, ...rest } = parseArgs({ args: [...args], options }).values;
    return { ...rest, json: rest.json, only: only?.split(',').map(readGroup) };
  } catch (cause) {
    throw new Error(`${(cause as Error).message}\n\n${usage}`, { cause });
  }
}

function readGroup(name: string): MeasureGroup {
  const group = measureGroups.find((each) => each === name);
  if (group === undefined) throw new Error(`Unknown measure '${name}'`);
  return group;
}
