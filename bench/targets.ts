/** What is measured, what it shall reach, and how far below a noisy machine may fall before `--check` fails. */

type Bound =
  { readonly atLeast: number } | { readonly atMost: number } | { readonly exactly: number };

export interface Target {
  readonly title: string;
  readonly unit: '×' | 'queries';
  /** Undefined: told for comparison alone. */
  readonly target?: Bound;
  /** What `--check` still lets pass: half of an target to reach, twice a time, twice the growth of memory. */
  readonly limit?: Bound;
}

const reach = (ratio: number) => ({
  target: { atLeast: ratio },
  limit: { atLeast: ratio / 2 },
});

/** In the order of the table. */
export const targets = {
  sessionAgainstBetterAuth: {
    title: "/session against BetterAuth's get-session alone on node:http",
    unit: '×',
    ...reach(5),
  },
  sessionAgainstOneQuery: {
    title: '/session against an Express route that runs the one query',
    unit: '×',
    ...reach(0.9),
  },
  silentSessionAgainstOneQuery: {
    title: '… with LOG_LEVEL=silent here too',
    unit: '×',
  },
  getSessionAgainstBetterAuth: {
    title: 'get-session through the whole service against BetterAuth alone',
    unit: '×',
    ...reach(4),
  },
  signInAgainstBetterAuth: {
    title: 'sign-in, 8 at once, against BetterAuth with its default hash',
    unit: '×',
    ...reach(5),
  },
  signInAgainstBareHash: {
    title: 'sign-in against the bare password hash, 8 at once',
    unit: '×',
    ...reach(0.85),
  },
  checksBesideSignIns: {
    title: '/session, p50, beside 256 sign-ins at once from as many networks, against idle',
    unit: '×',
    target: { atMost: 5 },
    limit: { atMost: 50 }, // without admission it is several hundred
  },
  betterAuthBesideSignIns: {
    title: '… BetterAuth alone',
    unit: '×',
  },
  bareHttpBesideSignIns: {
    title: '… node:http with the same query and the same argon2id',
    unit: '×',
  },
  largeAgainstSmall: {
    title: '/session, p50, 1,000,000 sessions of 100,000 users against 1,000 of 100',
    unit: '×',
    target: { atMost: 1.15 },
    limit: { atMost: 2.3 },
  },
  queriesOfValid: {
    title: 'queries of a check: valid',
    unit: 'queries',
    target: { exactly: 1 },
    limit: { exactly: 1 },
  },
  queriesOfBadSignature: {
    title: 'queries of a check: bad signature',
    unit: 'queries',
    target: { exactly: 0 },
    limit: { exactly: 0 },
  },
  memoryGrowth: {
    title: 'resident memory around request 200,000 against request 20,000',
    unit: '×',
    target: { atMost: 1.1 },
    limit: { atMost: 1.2 },
  },
  coldStartSignedOut: {
    title: 'cold start on Vercel, /session without a cookie, against a bare Express app',
    unit: '×',
    target: { atMost: 1.8 },
  },
  coldStartSignedIn: {
    title: 'cold start on Vercel, /session of a session, against a bare Express app',
    unit: '×',
    target: { atMost: 1.8 },
  },
} as const satisfies Record<string, Target>;

export type MeasureName = keyof typeof targets;

/** What one measure gave. */
export interface Measured {
  readonly measure: MeasureName;
  readonly value: number;
  /** The value of each round; `value` is their median. */
  readonly rounds: readonly number[];
  /** What the ratio was made of, each with its unit in its name. */
  readonly figures: Readonly<Record<string, number>>;
}

/** Whether the value meets the bound. NaN meets none. */
export function meets(value: number, bound: Bound): boolean {
  if ('atLeast' in bound) return value >= bound.atLeast;
  if ('atMost' in bound) return value <= bound.atMost;
  return value === bound.exactly;
}

/**
 * The measures that `--check` fails on, a sentence each. One that was not measured fails as well: a check of nothing
 * must not pass.
 */
export function failedChecks(measured: readonly Measured[]): string[] {
  const entries = Object.entries(targets) as [MeasureName, Target][];
  return entries.flatMap(([name, { title, limit }]) => {
    if (limit === undefined) return [];
    const value = measured.find(({ measure }) => measure === name)?.value;
    if (value === undefined) return [`${title}: not measured`];
    return meets(value, limit)
      ? []
      : [`${title}: ${value.toFixed(2)}, fails outside ${formatBound(limit)}`];
  });
}

/** A bound in words a table can hold. */
export function formatBound(bound: Bound): string {
  if ('atLeast' in bound) return `≥ ${bound.atLeast}`;
  if ('atMost' in bound) return `≤ ${bound.atMost}`;
  return `= ${bound.exactly}`;
}
