/** Requests per second of contenders in turns, with the CPU time of each request. */
import type { Contender } from '../contender.js';
import { cpuSecondsOf } from '../cpu.js';
import { load, type Load, type LoadRequest } from '../load.js';
import { median, ratiosOf } from '../statistics.js';
import type { Measured, MeasureName, Throughput } from '../targets.js';
import { valuesOf, type Sample, type Turn } from './rounds.js';

/** `value` is requests per second. */
export interface ThroughputSample extends Sample {
  readonly cpuSecondsPer1000: number | undefined;
}

export interface Side {
  readonly contender: Contender;
  readonly requests: readonly LoadRequest[];
  readonly connections: Load['connections'];
}

/** A turn that sends `requests` as fast as the responses arrive. */
export function throughputTurn({ contender, requests, connections }: Side): Turn<ThroughputSample> {
  return async (seconds) => {
    const before = await cpuSecondsOf(contender.pid);
    const { perSecond, latenciesMs } = await load(contender, {
      requests,
      connections,
      span: { seconds },
    });
    const after = await cpuSecondsOf(contender.pid);
    const cpuSecondsPer1000 =
      before === undefined || after === undefined
        ? undefined
        : (1000 * (after - before)) / latenciesMs.length;
    return { value: perSecond, cpuSecondsPer1000 };
  };
}

/** One row per contender: the medians of its rounds. */
export function summarize(
  samples: Readonly<Record<string, readonly ThroughputSample[]>>,
): Throughput[] {
  return Object.entries(samples).map(([contender, rounds]) => {
    const cpu = rounds.flatMap(({ cpuSecondsPer1000: seconds }) => seconds ?? []);
    return {
      contender,
      perSecond: median(valuesOf(rounds)),
      cpuSecondsPer1000: cpu.length === rounds.length ? median(cpu) : undefined,
    };
  });
}

/** The ratio of two contenders' values, per round; nothing if one of them was not started. */
export function compare(
  measure: MeasureName,
  ours: readonly Sample[] | undefined,
  theirs: readonly Sample[] | undefined,
): Measured[] {
  if (ours === undefined || theirs === undefined) return [];
  const rounds = ratiosOf(valuesOf(ours), valuesOf(theirs));
  return [{ measure, value: median(rounds), rounds, figures: {} }];
}
