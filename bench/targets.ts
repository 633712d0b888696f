/** The measures with their targets, and the looser limits at which `--check` fails, to allow for noisy machines. */

type Bound =
  { readonly atLeast: number } | { readonly atMost: number } | { readonly exactly: number };

export interface Target {
  readonly title: string;
  readonly unit: '×' | 'queries';
  /** Undefined: reported for comparison only. */
  readonly target?: Bound;
  /** Where `--check` fails: below half of a minimum, above twice a maximum, or above twice the memory growth. */
  readonly limit?: Bound;
}

const reach = (ratio: number) => ({
  target: { atLeast: ratio },
  limit: { atLeast: ratio / 2 },
});

/** In the order of the printed table. */
export const targets = {
  sessionAgainstBetterAuth: {
    title: "/session compared with BetterAuth's get-session on plain node:http",
    unit: '×',
    ...reach(5),
  },
  sessionAgainstOneQuery: {
    title: '/session compared with an Express route that runs the same query',
    unit: '×',
    ...reach(0.9),
  },
  silentSessionAgainstOneQuery: {
    title: '… with LOG_LEVEL=silent',
    unit: '×',
  },
  getSessionAgainstBetterAuth: {
    title: 'get-session through the whole service compared with plain BetterAuth',
    unit: '×',
    ...reach(4),
  },
  signInAgainstBetterAuth: {
    title: '8 concurrent sign-ins compared with BetterAuth with its default hash',
    unit: '×',
    ...reach(5),
  },
  signInAgainstBareHash: {
    title: '8 concurrent sign-ins compared with the password hash only',
    unit: '×',
    ...reach(0.85),
  },
  checksDuringSignIns: {
    title:
      'p50 of /session during 256 concurrent sign-ins from as many networks, compared with idle',
    unit: '×',
    target: { atMost: 5 },
    limit: { atMost: 50 }, // without limiting concurrent hashes it is several hundred
  },
  betterAuthDuringSignIns: {
    title: '… plain BetterAuth',
    unit: '×',
  },
  bareHttpDuringSignIns: {
    title: '… node:http with the same query and the same argon2id',
    unit: '×',
  },
  largeAgainstSmall: {
    title: 'p50 of /session with 1,000,000 sessions of 100,000 users, compared with 1,000 of 100',
    unit: '×',
    target: { atMost: 1.15 },
    limit: { atMost: 2.3 },
  },
  queriesOfValid: {
    title: 'queries per check: valid session',
    unit: 'queries',
    target: { exactly: 1 },
    limit: { exactly: 1 },
  },
  queriesOfBadSignature: {
    title: 'queries per check: bad signature',
    unit: 'queries',
    target: { exactly: 0 },
    limit: { exactly: 0 },
  },
  memoryGrowth: {
    title: 'resident memory around request 200,000 compared with request 20,000',
    unit: '×',
    target: { atMost: 1.1 },
    limit: { atMost: 1.2 },
  },
  coldStartSignedOut: {
    title: 'cold start on Vercel, /session without a cookie, compared with a minimal Express app',
    unit: '×',
    target: { atMost: 1.8 },
  },
  coldStartSignedIn: {
    title: 'cold start on Vercel, /session with a session, compared with a minimal Express app',
    unit: '×',
    target: { atMost: 1.8 },
  },
} as const satisfies Record<string, Target>;

export type MeasureName = keyof typeof targets;

/** The result of one measure. */
export interface Measured {
  readonly measure: MeasureName;
  readonly value: number;
  /** One value per round; `value` is their median. */
  readonly rounds: readonly number[];
  /** The figures behind the ratio, each with its unit in its name. */
  readonly figures: Readonly<Record<string, number>>;
}

/** Whether the value is within the bound; false for NaN. */
export function meets(value: number, bound: Bound): boolean {
  if ('atLeast' in bound) return value >= bound.atLeast;
  if ('atMost' in bound) return value <= bound.atMost;
  return value === bound.exactly;
}

/**
 * One message per measure that fails `--check`. A missing measure fails too, so that an incomplete run does not pass.
 */
export function failedChecks(measured: readonly Measured[]): string[] {
  const entries = Object.entries(targets) as [MeasureName, Target][];
  return entries.flatMap(([name, { title, limit }]) => {
    if (limit === undefined) return [];
    const value = measured.find(({ measure }) => measure === name)?.value;
    if (value === undefined) return [`${title}: not measured`];
    return meets(value, limit)
      ? []
      : [`${title}: ${value.toFixed(2)}, limit is ${formatBound(limit)}`];
  });
}

/** A bound as shown in tables. */
export function formatBound(bound: Bound): string {
  if ('atLeast' in bound) return `≥ ${bound.atLeast}`;
  if ('atMost' in bound) return `≤ ${bound.atMost}`;
  return `= ${bound.exactly}`;
}
