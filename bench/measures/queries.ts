/** Statements that reach PostgreSQL for one session check, counted in PostgreSQL's own log. */
import type { Measured, MeasureName } from '../targets.js';
import { run, type Cluster } from '../cluster.js';
import type { Contender, Starter } from '../contender.js';
import { cookieFor, seedSessions, signedIn } from '../seed.js';

const checks = 100;
const seed = { sessions: checks, users: 10 };

export async function measureQueries({ service }: Starter, cluster: Cluster): Promise<Measured[]> {
  const name = 'bench_counted';
  const url = await cluster.createDatabase(name);
  await seedSessions(url, seed);
  await run(url, `alter database ${name} set log_statement = 'all'`);
  const ours = await service(url);
  await ours.printed('"msg":"startup"'); // its questions are no session check's
  // PostgreSQL logs a statement before it runs, so what was answered has been counted.
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
  const forged = valid.map((_cookie, n) => cookieFor(`forged-token-${n}`, 'of somebody else'));
  return [
    await perCheck('queriesOfValid', valid, 200),
    await perCheck('queriesOfBadSignature', forged, 401),
  ];
}

async function check(of: Contender, cookie: string, status: number): Promise<void> {
  const answer = await fetch(`${of.url}/session`, { headers: { cookie } });
  await answer.arrayBuffer();
  if (answer.status !== status) {
    const reason = answer.headers.get('x-session-reason') ?? 'no reason';
    throw new Error(`/session answered ${answer.status}, not ${status}: ${reason}`);
  }
}
