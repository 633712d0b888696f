/** Median latency of the same check with a small and a large database. */
import type { Contender } from '../contender.js';
import { load, sessionChecks, type LoadRequest } from '../load.js';
import type { Context, Seeded } from '../measures.js';
import { signedIn } from '../seed.js';
import { median } from '../statistics.js';
import type { Results } from '../targets.js';
import { takeTurns, valuesOf } from './rounds.js';
import { compare } from './throughput.js';

const connections = 16;
/** Sessions used of the large database: spread over all of it, and too many for the CPU caches. */
const maxVisitors = 20_000;

export async function measureScale(context: Context): Promise<Results> {
  const { starter, options } = context;
  const small = await context.smallDatabase();
  const large = await context.largeDatabase();
  const p50 = (of: Contender, requests: readonly LoadRequest[]) => async (seconds: number) => {
    const { latenciesMs } = await load(of, { requests, connections, span: { seconds } });
    return { value: median(latenciesMs) };
  };
  const checksOf = ({ seed }: Seeded) =>
    sessionChecks('/session', signedIn(seed, Math.min(seed.sessions, maxVisitors)));
  const p50Ms = await takeTurns(
    {
      large: p50(await starter.service(large.url), checksOf(large)),
      small: p50(await starter.service(small.url), checksOf(small)),
    },
    options,
  );
  const figures = {
    'large p50 ms': median(valuesOf(p50Ms.large)),
    'small p50 ms': median(valuesOf(p50Ms.small)),
  };
  const compared = compare('largeAgainstSmall', p50Ms.large, p50Ms.small);
  return { measured: compared.map((each) => ({ ...each, figures })), throughput: [] };
}
