/** The counts of the charts. Operators who look at the same share one query, because it reads a lot. */
import { cacheFor } from '../../../db/cache-for.js';
import { isServiceBusy } from '../../../event-loop.js';
import { TimeoutError, withTimeout } from '../../../http/with-timeout.js';
import type { Logger } from '../../../log/logger.js';
import type { Handlers } from '../handlers.js';
import { ranges, type RangeName } from './chart.js';

/** What `countEvents` returns. */
export interface Counts {
  readonly isTruncated: boolean;
  readonly counts: readonly {
    readonly start: string;
    readonly kind: string;
    readonly outcome: string;
    readonly reason: string | null;
    readonly count: number;
  }[];
}

/** Why there is nothing to draw. The error is in the log, with the id of the request. */
export interface NotCounted {
  readonly cause: 'too_slow' | 'busy' | 'failed';
  readonly requestId: string;
}

export interface OverviewCounts {
  readonly signIns: Counts | NotCounted;
  readonly refused: Counts | NotCounted;
  readonly mails: Counts | NotCounted;
}

const filters = {
  signIns: { kind: 'sign_in', outcome: 'success' },
  refused: { outcome: 'refused' },
  mails: { kind: 'mail' },
} as const;

const cachedMs = 30_000;

/** @param limitMs how long a chart is waited for */
export function createOverviewCounts(
  loadHandlers: () => Promise<Handlers>,
  limitMs: number,
  logger: Logger,
) {
  const readers = new Map<string, () => Promise<Counts>>();

  async function count(
    name: keyof typeof filters,
    range: RangeName,
    requestId: string,
  ): Promise<Counts | NotCounted> {
    const { hours, bucket } = ranges[range];
    const input = { ...filters[name], hours, bucket };
    const key = `${name} ${range}`;
    const reader =
      readers.get(key) ??
      cacheFor(
        async () => (await (await loadHandlers()).countEvents({ input })) as Counts,
        cachedMs,
      );
    readers.set(key, reader);
    return withTimeout(reader(), limitMs).catch((err: unknown) => {
      const cause = causeOf(err);
      const level = cause === 'failed' ? 'error' : 'warn';
      logger[level]({ err, requestId, chart: name, range, cause }, 'a chart cannot be drawn');
      return { cause, requestId };
    });
  }

  return async function readOverviewCounts(
    range: RangeName,
    requestId: string,
  ): Promise<OverviewCounts> {
    const [signIns, refused, mails] = await Promise.all([
      count('signIns', range, requestId),
      count('refused', range, requestId),
      count('mails', range, requestId),
    ]);
    return { signIns, refused, mails };
  };
}

function causeOf(error: unknown): NotCounted['cause'] {
  if (isServiceBusy(error)) return 'busy';
  return error instanceof TimeoutError ? 'too_slow' : 'failed';
}
