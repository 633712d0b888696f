/** The command line of `npm run bench`. */
import { parseArgs } from 'node:util';

export const measureGroups = [
  'queries',
  'sessions',
  'sign-in',
  'limits',
  'audit',
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
  /** Fewer and shorter rounds, and smaller large databases. */
  readonly quick: boolean;
  /** Fail if a measure is worse than its limit. */
  readonly check: boolean;
  /** Download the libraries of the Python contender. */
  readonly python: boolean;
  /** Events in the large audit trail. */
  readonly rows: number;
  /** File for the JSON, `-` for standard output; undefined for none. */
  readonly json: string | undefined;
  /** Undefined: all of them. */
  readonly only: readonly MeasureGroup[] | undefined;
}

const maxRows = 100_000_000;

const usage = `npm run bench -- [--quick] [--check] [--only NAME[,NAME]] [--rows N] [--python] [--json FILE]

  --quick      fewer and shorter rounds, smaller databases, and without what takes long: cold-start, dev-storm,
               BetterAuth during the storm, passport and fastapi-users
  --check      exit with 1 if a measure is far from its target: below half of a minimum, above twice a maximum,
               memory growth above 1.2, or another number of queries
  --only NAME  only these measures: ${measureGroups.join(', ')}
  --rows N     events in the large audit trail of the measure audit; 10,000,000 by default, 1,000,000 with --quick
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
    rows: { type: 'string' },
  } as const;
  try {
    const { only, rows, ...rest } = parseArgs({ args: [...args], options }).values;
    return {
      ...rest,
      json: rest.json,
      rows: readRows(rows ?? (rest.quick ? '1000000' : '10000000')),
      only: only?.split(',').map(readGroup),
    };
  } catch (cause) {
    throw new Error(`${(cause as Error).message}\n\n${usage}`, { cause });
  }
}

function readRows(value: string): number {
  const rows = Number(value);
  if (!/^\d+$/.test(value) || rows < 1 || rows > maxRows) {
    throw new Error(`--rows takes a number from 1 to ${maxRows}`);
  }
  return rows;
}

function readGroup(name: string): MeasureGroup {
  const group = measureGroups.find((each) => each === name);
  if (group === undefined) throw new Error(`Unknown measure '${name}'`);
  return group;
}
