/**
 * Sign-ins per second with the limits compared with the same service without them, and with a large table of limits
 * compared with an empty one. Then whether a sweep deletes what has expired.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hashPassword } from '../../src/auth/password.js';
import { longestWindowSeconds } from '../../src/config/rate-limits.js';
import { createDatabase } from '../../src/db/client.js';
import { sweep } from '../../src/db/sweep.js';
import { writeBundle } from '../../scripts/bundle.js';
import { run } from '../cluster.js';
import type { Context } from '../measures.js';
import { password, seedMembers } from '../seed.js';
import { signIns } from '../sign-in-request.js';
import { median } from '../statistics.js';
import type { Measured, Results } from '../targets.js';
import { longRounds, takeTurns } from './rounds.js';
import { compare, summarize, throughputTurn, type ThroughputSample } from './throughput.js';

const connections = 8;
const members = 64;
/** Rows in the large table. */
const rowsOf = (quick: boolean) => (quick ? 200_000 : 1_000_000);

const pathOf = (file: string) => fileURLToPath(new URL(file, import.meta.url));
/** In dist, because the bundle reads the migrations by their relative path. */
const folder = pathOf('../../dist/without-limits');

export async function measureLimits(context: Context): Promise<Results> {
  const { cluster, starter, options, quick } = context;
  const rows = rowsOf(quick);
  const hash = await hashPassword(password);
  const create = async (name: string) => {
    const url = await cluster.createDatabase(name);
    return { url, requests: signIns(await seedMembers(url, name, members, hash)) };
  };
  const small = await create('bench_limits');
  const large = await create('bench_many_limits');
  await seedLimits(large.url, rows, 'now()');
  try {
    const service = await starter.service(small.url);
    const withoutLimits = await starter.otherService(await bundleWithoutLimits(), small.url);
    const withManyRows = await starter.service(large.url);
    const { requests } = small;
    const samples = await takeTurns(
      {
        'service with limits, sign-in': throughputTurn({
          contender: service,
          requests,
          connections,
        }),
        'service without limits, sign-in': throughputTurn({
          contender: withoutLimits,
          requests,
          connections,
        }),
        'service with many rows of limits, sign-in': throughputTurn({
          contender: withManyRows,
          requests: large.requests,
          connections,
        }),
      },
      longRounds(options),
    );
    const withLimits = samples['service with limits, sign-in'];
    const without = samples['service without limits, sign-in'];
    const many = samples['service with many rows of limits, sign-in'];
    return {
      measured: [
        ...compare('signInWithLimits', withLimits, without).map((each) => ({
          ...each,
          figures: cpuFigures({ 'with limits': withLimits, without }),
        })),
        ...compare('signInWithManyLimits', many, withLimits),
        await measureSweep(large.url, rows),
      ],
      throughput: summarize(samples),
    };
  } finally {
    await starter.stopAll();
    await rm(folder, { recursive: true, force: true });
  }
}

/** @returns the file to start */
async function bundleWithoutLimits(): Promise<string> {
  await rm(folder, { recursive: true, force: true });
  await writeBundle({
    programs: { server: 'server.ts' },
    folder,
    loadedAtStart: { by: 'server.ts', source: 'serve.ts' },
    chunks: '[name]-[hash].js',
    replaced: {
      'auth/account-limit.ts': pathOf('../contenders/without-limits/account-limit.ts'),
      'auth/address-limit.ts': pathOf('../contenders/without-limits/address-limit.ts'),
    },
  });
  return join(folder, 'server.js');
}

/** @param at an expression of SQL: when each window began */
async function seedLimits(url: string, rows: number, at: string): Promise<void> {
  await run(
    url,
    `insert into rate_limit (id, key, count, last_request)
     select md5('limit-' || n), 'account|' || md5('key-' || n), 1, extract(epoch from ${at}) * 1000
     from generate_series(1, ${rows}) n`,
    'vacuum analyze',
    'checkpoint',
  );
}

/** Medians of the rounds, in CPU milliseconds per sign-in of the service's process. */
function cpuFigures(
  sides: Readonly<Record<string, readonly ThroughputSample[]>>,
): Measured['figures'] {
  return Object.fromEntries(
    Object.entries(sides).map(([name, samples]) => [
      `${name} CPU ms`,
      median(samples.map(({ cpuSecondsPer1000 }) => cpuSecondsPer1000 ?? NaN)),
    ]),
  );
}

async function measureSweep(url: string, rows: number): Promise<Measured> {
  await run(url, 'truncate rate_limit');
  await seedLimits(url, rows, `now() - interval '${longestWindowSeconds + 60} seconds'`);
  const database = createDatabase({
    url,
    maxConnections: 1,
    now: () => new Date(),
    onIdleError: () => undefined,
  });
  try {
    const startedAt = performance.now();
    const swept = await sweep(database.orm, {
      now: new Date(),
      withinMs: 600_000,
      lifetime: { absoluteSeconds: 86_400 },
      retention: { audit_event: 90 },
    });
    const seconds = (performance.now() - startedAt) / 1000;
    const left = rows - swept.rate_limit;
    return {
      measure: 'expiredLimitsLeft',
      value: left,
      rounds: [left],
      figures: { 'sweep seconds': seconds },
    };
  } finally {
    await database.close();
  }
}
