/** The groups of measures, in the order in which they run, and what each one gets. */
import type { Cluster } from './cluster.js';
import type { Starter } from './contender.js';
import { measureAttacks } from './measures/attacks.js';
import { measureAuditSize } from './measures/audit-size.js';
import { measureColdStart } from './measures/cold-start.js';
import { measureLimits } from './measures/limits.js';
import { measureMemory } from './measures/memory.js';
import { measureQueries } from './measures/queries.js';
import type { RoundOptions } from './measures/rounds.js';
import { measureScale } from './measures/scale.js';
import { measureSessionChecks } from './measures/session-checks.js';
import { measureDevelopmentStorm, measureSignInStorm } from './measures/sign-in-storm.js';
import { measureSignIn } from './measures/sign-in.js';
import { measureStart } from './measures/start.js';
import type { MeasureGroup } from './options.js';
import type { SessionSeed } from './seed.js';
import type { Results } from './targets.js';

/** A database with sessions. */
export interface Seeded {
  readonly url: string;
  readonly seed: SessionSeed;
}

export interface Context {
  readonly cluster: Cluster;
  readonly starter: Starter;
  readonly options: RoundOptions;
  readonly quick: boolean;
  /** Events in the large audit trail. */
  readonly rows: number;
  /** A Python interpreter with the libraries of the Python contender, which is left out without it. */
  readonly python: string | undefined;
  /** 1,000 sessions of 100 users; created by the first call. */
  readonly smallDatabase: () => Promise<Seeded>;
  /** 1,000,000 sessions of 100,000 users, with --quick a fifth of both; created by the first call. */
  readonly largeDatabase: () => Promise<Seeded>;
}

interface Group {
  readonly title: string;
  readonly run: (context: Context) => Promise<Results>;
  /** Not measured with --quick, unless it is named by --only. */
  readonly takesMinutes?: true;
  /** It needs the network: if it fails, all other results are still reported. */
  readonly isOptional?: true;
}

export const groups: Readonly<Record<MeasureGroup, Group>> = {
  queries: { title: 'queries per check', run: measureQueries },
  sessions: { title: 'session checks per second', run: measureSessionChecks },
  'sign-in': { title: 'sign-ins and sign-ups per second', run: measureSignIn },
  limits: { title: 'sign-ins with and without limits', run: measureLimits },
  audit: { title: 'sign-ins with a large audit trail', run: measureAuditSize },
  attacks: { title: 'guesses that pass the limits in an hour', run: measureAttacks },
  storm: { title: 'session checks during 256 sign-ins', run: measureSignInStorm },
  'dev-storm': {
    title: 'session checks of npm run dev during 256 sign-ins',
    run: measureDevelopmentStorm,
    takesMinutes: true,
  },
  memory: { title: 'memory after many checks', run: measureMemory },
  scale: {
    title: 'p50 in milliseconds, large compared with small database',
    run: measureScale,
  },
  start: { title: 'start to the first response', run: measureStart },
  'cold-start': {
    title: 'cold start: two builds with vercel, then processes',
    run: measureColdStart,
    takesMinutes: true,
    isOptional: true,
  },
};
