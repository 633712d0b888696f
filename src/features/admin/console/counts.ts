/** The counts of the charts. Operators who look at the same share one query, because it reads a lot. */
import { cacheFor } from '../../../db/cache-for.js';
import { withTimeout } from '../../../http/with-timeout.js';
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

/** Undefined for what could not be counted in time. */
export interface OverviewCounts {
  readonly signIns: Counts | undefined;
  readonly refused: Counts | undefined;
  readonly mails: Counts | undefined;
}

const filters = {
  signIns: { kind: 'sign_in', outcome: 'success' },
  refused: { outcome: 'refused' },
  mails: { kind: 'mail' },
} as const;

const cachedMs = 30_000;

/** @param limitMs how long a chart is waited for */
export function createOverviewCounts(loadHandlers: () => Promise<Handlers>, limitMs: number) {
  const readers = new Map<string, () => Promise<Counts>>();

  async function count(name: keyof typeof filters, range: RangeName): Promise<Counts | undefined> {
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
    return withTimeout(reader(), limitMs).catch(() => undefined);
  }

  return async function readOverviewCounts(range: RangeName): Promise<OverviewCounts> {
    const [signIns, refused, mails] = await Promise.all([
      count('signIns', range),
      count('refused', range),
      count('mails', range),
    ]);
    return { signIns, refused, mails };
  };
}
