/** The measures with their targets, and the looser limits at which `--check` fails, to allow for noisy machines. */

type Bound =
  { readonly atLeast: number } | { readonly atMost: number } | { readonly exactly: number };

interface Bounds {
  /** Undefined: reported for comparison only. */
  readonly target?: Bound;
  /** Where `--check` fails: below half of a minimum, above twice a maximum, or above twice the memory growth. */
  readonly limit?: Bound;
}

export interface Target extends Bounds {
  readonly title: string;
  readonly unit: '×' | 'ms' | 'queries' | 'passwords' | 'refused' | 'rows';
  /** The bounds on Node 24 and later, where they differ. */
  readonly onNode24?: Bounds;
}

const reach = (ratio: number) => ({
  target: { atLeast: ratio },
  limit: { atLeast: ratio / 2 },
});

/** One hash at a time on two cores is only 3 times as fast as scrypt on both of them where memory is slow. */
const limitAgainstScrypt: Bound = { atLeast: 2 };

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
  sessionAgainstBareHttp: {
    title: '/session compared with node:http with the same query and signature check',
    unit: '×',
    ...reach(0.55),
    onNode24: reach(0.75),
  },
  sessionAgainstPassport: {
    title: '/session compared with passport and connect-pg-simple',
    unit: '×',
  },
  sessionAgainstFastapiUsers: {
    title: '/session compared with fastapi-users, one uvicorn worker',
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
    limit: limitAgainstScrypt,
  },
  signInAgainstBareHash: {
    title: '8 concurrent sign-ins compared with the password hash only',
    unit: '×',
    ...reach(0.8),
  },
  signInAgainstPassport: {
    title: '8 concurrent sign-ins compared with passport and the same hash',
    unit: '×',
  },
  signInAgainstFastapiUsers: {
    title: '8 concurrent sign-ins compared with fastapi-users with its default hash',
    unit: '×',
  },
  signUpAgainstBetterAuth: {
    title: '8 concurrent sign-ups compared with BetterAuth with its default hash',
    unit: '×',
    ...reach(5),
    limit: limitAgainstScrypt,
  },
  signUpAgainstBareHash: {
    title: '8 concurrent sign-ups compared with the password hash only',
    unit: '×',
    ...reach(0.8),
  },
  signUpAgainstPassport: {
    title: '8 concurrent sign-ups compared with passport and the same hash',
    unit: '×',
  },
  signUpAgainstFastapiUsers: {
    title: '8 concurrent sign-ups compared with fastapi-users with its default hash',
    unit: '×',
  },
  signInWithLimits: {
    title: '8 concurrent sign-ins compared with the same service without its limits',
    unit: '×',
    ...reach(0.95),
  },
  signInWithManyLimits: {
    title:
      '… with 1,000,000 rows in rate_limit (200,000 with --quick), compared with an empty table',
    unit: '×',
    ...reach(0.95),
  },
  expiredLimitsLeft: {
    title: 'expired rows in rate_limit that the sweep leaves',
    unit: 'rows',
    target: { exactly: 0 },
    limit: { exactly: 0 },
  },
  signInWithLargeTrail: {
    title: 'sign-ins with a large audit trail compared with an empty one',
    unit: '×',
    ...reach(0.95),
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
  developmentDuringSignIns: {
    title: 'p50 of /session of npm run dev during 256 concurrent sign-ins, compared with idle',
    unit: '×',
    target: { atMost: 10 },
  },
  largeAgainstSmall: {
    title: 'p50 of /session with 1,000,000 sessions (200,000 with --quick), compared with 1,000',
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
    title: 'resident memory around request 200,000 (100,000 with --quick), compared with 20,000',
    unit: '×',
    target: { atMost: 1.1 },
    limit: { atMost: 1.2 },
  },
  startAgainstBareHttp: {
    title: 'start to the first response of /health, compared with node:http, both bundled',
    unit: '×',
    target: { atMost: 2.2 },
    limit: { atMost: 4.4 },
  },
  startMs: {
    title: 'start to the first response of /health',
    unit: 'ms',
    target: { atMost: 500 },
  },
  coldStartSignedOut: {
    title: 'cold start on Vercel, /session without a cookie, compared with a minimal Express app',
    unit: '×',
    target: { atMost: 1.24 },
  },
  coldStartSignedIn: {
    title: 'cold start on Vercel, /session with a session, compared with a minimal Express app',
    unit: '×',
    target: { atMost: 1.51 },
  },
  guessesFromManyNetworks: {
    title: 'one account, 200 networks: guesses verified in an hour',
    unit: 'passwords',
    target: { atMost: 100 },
    limit: { atMost: 100 },
  },
  guessesFromOneNetwork: {
    title: 'one account, one network: guesses verified in an hour',
    unit: 'passwords',
    target: { atMost: 100 },
    limit: { atMost: 100 },
  },
  sprayingFromOneNetwork: {
    title: '1,000 accounts, one guess each, one network: guesses verified in an hour',
    unit: 'passwords',
    target: { atMost: 420 },
    limit: { atMost: 420 },
  },
  stuffingFromManyNetworks: {
    title: '1,000 accounts, one guess each, 200 networks: guesses verified in an hour',
    unit: 'passwords',
  },
  refusedOfClass: {
    title: '30 pupils behind one address within a minute: sign-ins refused',
    unit: 'refused',
    target: { exactly: 0 },
    limit: { exactly: 0 },
  },
  refusedOfOffice: {
    title: '300 people behind one address within 15 minutes: sign-ins refused',
    unit: 'refused',
    target: { exactly: 0 },
    limit: { exactly: 0 },
  },
  refusedOwnerOnKnownDevice: {
    title: 'owner under attack, on a known device: sign-ins refused',
    unit: 'refused',
    target: { exactly: 0 },
    limit: { exactly: 0 },
  },
  refusedOwnerInKnownNetwork: {
    title: 'owner under attack, in a known network: sign-ins refused',
    unit: 'refused',
    target: { exactly: 0 },
    limit: { exactly: 0 },
  },
  refusedOwnerAfterMailedLink: {
    title: 'owner under attack, after a mailed link: sign-ins refused',
    unit: 'refused',
    target: { exactly: 0 },
    limit: { exactly: 0 },
  },
  refusedOwnerElsewhere: {
    title: 'owner under attack, elsewhere, before a mailed link: sign-ins of 12 refused',
    unit: 'refused',
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

/** Requests per second of one contender, and their CPU time, as the medians of the rounds. */
export interface Throughput {
  /** Its name, and the request where that is not obvious. */
  readonly contender: string;
  readonly perSecond: number;
  /** CPU seconds of the contender's process per 1,000 requests; undefined where they cannot be read. */
  readonly cpuSecondsPer1000: number | undefined;
}

export interface Results {
  readonly measured: readonly Measured[];
  readonly throughput: readonly Throughput[];
}

/** The target of a measure on a version of Node, such as `v24.1.0`. */
export function targetOn(node: string, measure: MeasureName): Target {
  const target: Target = targets[measure];
  return Number(/\d+/.exec(node)?.[0]) >= 24 ? { ...target, ...target.onNode24 } : target;
}

/** Whether the value is within the bound; false for NaN. */
export function meets(value: number, bound: Bound): boolean {
  if ('atLeast' in bound) return value >= bound.atLeast;
  if ('atMost' in bound) return value <= bound.atMost;
  return value === bound.exactly;
}

/**
 * One message per measure that fails `--check`. Unless only single measures were wanted, a missing one fails too, so that
 * an incomplete run does not pass.
 * @param node the version that ran
 */
export function failedChecks(
  measured: readonly Measured[],
  { node, isComplete }: { readonly node: string; readonly isComplete: boolean },
): string[] {
  return (Object.keys(targets) as MeasureName[]).flatMap((name) => {
    const { title, limit } = targetOn(node, name);
    if (limit === undefined) return [];
    const value = measured.find(({ measure }) => measure === name)?.value;
    if (value === undefined) return isComplete ? [`${title}: not measured`] : [];
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
