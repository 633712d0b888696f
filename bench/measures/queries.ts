/** Statements per session check, counted in PostgreSQL's log. */
import { run } from '../cluster.js';
import type { Contender } from '../contender.js';
import type { Context } from '../measures.js';
import { cookieFor, seedSessions, signedIn } from '../seed.js';
import type { Measured, MeasureName, Results } from '../targets.js';

const checks = 100;
const seed = { sessions: checks, users: 10 };

export async function measureQueries({ starter, cluster }: Context): Promise<Results> {
  const name = 'bench_counted';
  const url = await cluster.createDatabase(name);
  await seedSessions(url, seed);
  await run(url, `alter database ${name} set log_statement = 'all'`);
  const ours = await starter.service(url);
  // So that the queries of the report and of the sweep, which the first request starts, are not counted.
  await ours.printed('"msg":"startup"');
  await ours.printed('"msg":"swept"');
  // PostgreSQL logs a statement before executing it, so all completed ones are in the log.
  const statements = async () => {
    const logged = new RegExp(`^${name} LOG: {2}(?:statement|execute [^:]+):`, 'gm');
    return (await cluster.readLog()).match(logged)?.length ?? 0;
  };
  const perCheck = async (
    measure: MeasureName,
    cookies: readonly string[],
    status: number,
  ): Promise<Measured> => {
    const before = await statements();
    for (const cookie of cookies) await check(ours, cookie, status);
    const counted = (await statements()) - before;
    const value = counted / cookies.length;
    return { measure, value, rounds: [value], figures: { statements: counted, checks } };
  };
  const valid = signedIn(seed, checks).map(({ cookie }) => cookie);
  const forged = valid.map((_cookie, n) => cookieFor(`forged-token-${n}`, 'another secret'));
  return {
    measured: [
      await perCheck('queriesOfValid', valid, 200),
      await perCheck('queriesOfBadSignature', forged, 401),
    ],
    throughput: [],
  };
}

async function check(of: Contender, cookie: string, status: number): Promise<void> {
  const response = await fetch(`${of.url}/session`, { headers: { cookie } });
  await response.arrayBuffer();
  if (response.status !== status) {
    const reason = response.headers.get('x-session-reason') ?? 'no reason';
    throw new Error(`/session returned ${response.status}, not ${status}: ${reason}`);
  }
}
