/** The same check in a small and in a large database: the middle answer's time, in turns. */
import type { Measured } from '../targets.js';
import type { Contender, Starter } from '../contender.js';
import { load, sessionChecks, type LoadRequest } from '../load.js';
import { signedIn, type SessionSeed } from '../seed.js';
import { median, ratiosOf } from '../statistics.js';
import { takeTurns, type RoundOptions } from './rounds.js';

const connections = 16;
/** Of the large database: spread over all of it, and more than stay in a processor's cache. */
const visitorsAtMost = 20_000;

interface Seeded {
  readonly url: string;
  readonly seed: SessionSeed;
}

export async function measureScale(
  { service }: Starter,
  small: Seeded,
  large: Seeded,
  options: RoundOptions,
): Promise<Measured> {
  const p50 = (of: Contender, requests: readonly LoadRequest[]) => async (seconds: number) => {
    const { latenciesMs } = await load(of, { requests, connections, span: { seconds } });
    return median(latenciesMs);
  };
  const checksOf = ({ seed }: Seeded) =>
    sessionChecks('/session', signedIn(seed, Math.min(seed.sessions, visitorsAtMost)));
  const p50Ms = await takeTurns(
    {
      large: p50(await service(large.url), checksOf(large)),
      small: p50(await service(small.url), checksOf(small)),
    },
    options,
  );
  const rounds = ratiosOf(p50Ms.large, p50Ms.small);
  return {
    measure: 'largeAgainstSmall',
    value: median(rounds),
    rounds,
    figures: { 'large p50 ms': median(p50Ms.large), 'small p50 ms': median(p50Ms.small) },
  };
}
