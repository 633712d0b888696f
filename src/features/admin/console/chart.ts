/** A chart of counts over time: stacked bars with axes, a legend, and the same numbers as a table. Drawn by the server. */
import { markup, type Html } from './html.js';

type BucketName = 'five_minutes' | 'hour' | 'six_hours' | 'day';

export interface Range {
  readonly title: string;
  readonly hours: number;
  readonly bucket: BucketName;
  readonly bucketMs: number;
}

const hourMs = 3_600_000;

/** By what the address has. */
export const ranges = {
  '1h': { title: '1 hour', hours: 1, bucket: 'five_minutes', bucketMs: hourMs / 12 },
  '24h': { title: '24 hours', hours: 24, bucket: 'hour', bucketMs: hourMs },
  '7d': { title: '7 days', hours: 168, bucket: 'six_hours', bucketMs: 6 * hourMs },
  '30d': { title: '30 days', hours: 720, bucket: 'day', bucketMs: 24 * hourMs },
} as const satisfies Readonly<Record<string, Range>>;

export type RangeName = keyof typeof ranges;

/** One row of the API's counts. */
export interface Count {
  /** Of the bucket; ISO 8601 in UTC. */
  readonly start: string;
  /** Which bar's part it is. */
  readonly series: string;
  readonly count: number;
}

/** The others are one series: more colours cannot be distinguished. */
const mostSeries = 5;
const rest = 'others';

/** The starts of all buckets, empty ones as well: a gap in time must be seen. */
function bucketsOf({ hours, bucketMs }: Range, now: Date): string[] {
  const last = Math.floor(now.getTime() / bucketMs) * bucketMs;
  const count = Math.ceil((hours * hourMs) / bucketMs) + 1;
  return Array.from({ length: count }, (_, at) =>
    new Date(last - (count - 1 - at) * bucketMs).toISOString(),
  );
}

function seriesOf(counts: readonly Count[]): Map<string, number> {
  const totals = new Map<string, number>();
  for (const { series, count } of counts) totals.set(series, (totals.get(series) ?? 0) + count);
  const sorted = [...totals].sort(([, a], [, b]) => b - a);
  if (sorted.length <= mostSeries + 1) return new Map(sorted);
  const others = sorted.slice(mostSeries).reduce((sum, [, count]) => sum + count, 0);
  return new Map([...sorted.slice(0, mostSeries), [rest, others]]);
}

/** `11-29 14:00`, or the day alone. */
function label(start: string, { bucketMs }: Range): string {
  return bucketMs >= 24 * hourMs ? start.slice(5, 10) : start.slice(5, 16).replace('T', ' ');
}

/** @param none what is said if there is nothing to show */
export function chart(
  title: string,
  counts: readonly Count[],
  range: Range,
  now: Date,
  none: string,
): Html {
  const series = seriesOf(counts);
  const names = [...series.keys()];
  const total = [...series.values()].reduce((sum, count) => sum + count, 0);
  if (total === 0) return markup`<section><h3>${title}: 0</h3><p>${none}</p></section>`;
  const buckets = bucketsOf(range, now);
  const valueOf = new Map<string, number>();
  for (const { start, series: name, count } of counts) {
    const key = `${start} ${series.has(name) ? name : rest}`;
    valueOf.set(key, (valueOf.get(key) ?? 0) + count);
  }
  const at = (start: string, name: string) => valueOf.get(`${start} ${name}`) ?? 0;
  const sumOf = (start: string) => names.reduce((sum, name) => sum + at(start, name), 0);
  const most = Math.max(...buckets.map(sumOf), 1);
  const bars = buckets.map((start, x) => {
    let y = 100;
    return names.map((name, index) => {
      const count = at(start, name);
      if (count === 0) return '';
      const height = (count / most) * 100;
      y -= height;
      return markup`<rect class="s${index}" x="${x * 10 + 1}" y="${y.toFixed(2)}" width="8" height="${height.toFixed(2)}"><title>${label(start, range)} UTC, ${name}: ${count}</title></rect>`;
    });
  });
  const last = buckets.length - 1;
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((part) => buckets[Math.round(part * last)] ?? '');
  const rows = buckets.filter((start) => sumOf(start) > 0).reverse();
  return markup`<section>
    <h3>${title}: ${total}</h3>
    <div class="axis"><span>${most}</span></div>
    <svg viewBox="0 0 ${buckets.length * 10} 100" preserveAspectRatio="none" role="img" aria-label="${title} in ${range.title}: ${total}. The table below has the numbers.">
      ${bars}
    </svg>
    <div class="axis x">${ticks.map((start) => markup`<span>${label(start, range)}</span>`)}</div>
    <ul class="legend">
      ${names.map((name, index) => markup`<li><svg viewBox="0 0 10 10" aria-hidden="true"><rect class="s${index}" width="10" height="10" /></svg> <bdi>${name}</bdi>: ${series.get(name)}</li>`)}
    </ul>
    <details>
      <summary>As a table</summary>
      <div class="scroll" tabindex="0" role="region" aria-label="${title}">
        <table>
          <thead><tr><th scope="col">Time (UTC)</th>${names.map((name) => markup`<th scope="col"><bdi>${name}</bdi></th>`)}</tr></thead>
          <tbody>
            ${rows.map((start) => markup`<tr><th scope="row">${label(start, range)}</th>${names.map((name) => markup`<td>${at(start, name)}</td>`)}</tr>`)}
          </tbody>
        </table>
      </div>
    </details>
  </section>`;
}
