/** The first page of the console, with charts, and the live list of refused session checks. */
import { limitReasons } from '../../../limit-reasons.js';
import { chart, ranges, type Count, type Range, type RangeName } from './chart.js';
import { consolePath } from '../api-routes.js';
import { markup, type Html } from './html.js';
import { checksPath } from './layout.js';
import { searchForm } from './pages.js';
import { table, type Row } from './table.js';

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

export interface OverviewCounts {
  readonly signIns: Counts;
  readonly refused: Counts;
  readonly mails: Counts;
}

const isRangeName = (text: unknown): text is RangeName =>
  typeof text === 'string' && Object.hasOwn(ranges, text);

/** @returns a day for anything else */
export function readRange(text: unknown): RangeName {
  return isRangeName(text) ? text : '24h';
}

function rangeLinks(path: string, current: RangeName): Html {
  const links = Object.entries(ranges).map(
    ([name, { title }]) =>
      markup`<a href="${path}?range=${name}" ${name === current ? markup`aria-current="page"` : ''}>${title}</a>`,
  );
  return markup`<nav aria-label="Time range">${links}</nav>`;
}

const mailSeries: Readonly<Record<string, string>> = {
  success: 'sent',
  pending: 'delayed',
  refused: 'limited',
  failed: 'failed',
};

export function overviewPage(
  { signIns, refused, mails }: OverviewCounts,
  rangeName: RangeName,
  now: Date,
): Html {
  const range: Range = ranges[rangeName];
  const draw = (title: string, counts: readonly Count[], none: string) =>
    chart(title, counts, range, now, none);
  // The list of checks has them, with the fix.
  const refusals = refused.counts.filter(({ kind }) => kind !== 'session_check');
  const isLimit = ({ reason }: { readonly reason: string | null }) =>
    reason !== null && Object.hasOwn(limitReasons, reason);
  const isCut = [signIns, refused, mails].some(({ isTruncated }) => isTruncated);
  return markup`${searchForm()}
    <h2>Over time</h2>
    ${rangeLinks(consolePath, rangeName)}
    ${isCut ? markup`<p class="bad">There are more kinds of events than fit: choose a shorter range.</p>` : ''}
    <div class="charts">
      ${draw(
        'Sign-ins',
        signIns.counts.map((row) => ({ ...row, series: 'signed in' })),
        'Nobody signed in.',
      )}
      ${draw(
        'Refusals',
        refusals.map((row) => ({ ...row, series: row.reason ?? 'without a reason' })),
        'Nothing was refused.',
      )}
      ${draw(
        'Mails',
        mails.counts.map((row) => ({ ...row, series: mailSeries[row.outcome] ?? row.outcome })),
        'No mail was sent.',
      )}
      ${draw(
        'Limits',
        refusals.filter(isLimit).map((row) => ({ ...row, series: row.reason ?? '' })),
        'No limit was reached.',
      )}
    </div>
    <p><a href="${checksPath}">Refused session checks, with the fix of each</a></p>`;
}

/** The script refreshes what `data-live` has, and shows what is hidden; without one the link does. */
export function checksPage(checks: readonly Row[], rangeName: RangeName, now: Date): Html {
  const columns = { Reason: 'reason', Site: 'site', Count: 'count', Last: 'lastAt', Fix: 'fix' };
  return markup`<p>Session checks that were refused or failed, by reason and site, the most frequent first.</p>
    ${rangeLinks(checksPath, rangeName)}
    <p class="actions">
      <a href="${checksPath}?range=${rangeName}">Refresh</a>
      <button id="pause" type="button" hidden>Pause</button>
      <span id="updated" hidden>Refreshes every 5 seconds.</span>
    </p>
    <div data-live>
      <p>As of ${now.toISOString().slice(0, 19).replace('T', ' ')} UTC.</p>
      ${table('Refused session checks', checks, columns, 'None: every session check was answered with a session, or had none to check.')}
    </div>`;
}
