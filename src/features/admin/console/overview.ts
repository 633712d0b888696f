/** The first page of the console, with charts, and the live list of refused session checks. */
import { limitReasons } from '../../../limit-reasons.js';
import { chart, ranges, type Range, type RangeName } from './chart.js';
import { consolePath } from '../api-routes.js';
import type { Counts, NotCounted, OverviewCounts } from './counts.js';
import { markup, type Html } from './html.js';
import { checksPath } from './layout.js';
import { searchForm } from './pages.js';
import { table, type Row } from './table.js';

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

const whyNotDrawn: Readonly<Record<NotCounted['cause'], string>> = {
  too_slow: 'its events could not be counted in time. Choose a shorter range.',
  busy: 'the service is too busy to count its events. Load the page again in a minute.',
  failed: 'the database did not count its events. Load the page again in a minute.',
};

function notDrawn(title: string, { cause, requestId }: NotCounted): Html {
  return markup`<section>
    <h3>${title}</h3>
    <p class="bad">This picture cannot be drawn now: ${whyNotDrawn[cause]} The log has the error, with the request id <code>${requestId}</code>.</p>
  </section>`;
}

export function overviewPage(
  { signIns, refused, mails }: OverviewCounts,
  rangeName: RangeName,
  now: Date,
): Html {
  const range: Range = ranges[rangeName];
  const draw = (
    title: string,
    counted: Counts | NotCounted,
    seriesOf: (row: Counts['counts'][number]) => string | undefined,
    none: string,
  ) => {
    if ('cause' in counted) return notDrawn(title, counted);
    const counts = counted.counts.flatMap((row) => {
      const series = seriesOf(row);
      return series === undefined ? [] : [{ ...row, series }];
    });
    return chart(title, counts, range, now, none);
  };
  // The list of checks has them, with the fix.
  const isOther = (kind: string) => kind !== 'session_check';
  const isLimit = (reason: string | null) => reason !== null && Object.hasOwn(limitReasons, reason);
  const isCut = [signIns, refused, mails].some(
    (counted) => 'isTruncated' in counted && counted.isTruncated,
  );
  return markup`${searchForm()}
    <h2>Over time</h2>
    ${rangeLinks(consolePath, rangeName)}
    ${isCut ? markup`<p class="bad">There are more kinds of events than fit: choose a shorter range.</p>` : ''}
    <div class="charts">
      ${draw('Sign-ins', signIns, () => 'signed in', 'Nobody signed in.')}
      ${draw(
        'Refusals',
        refused,
        ({ kind, reason }) => (isOther(kind) ? (reason ?? 'without a reason') : undefined),
        'Nothing was refused.',
      )}
      ${draw('Attempts to send mail', mails, ({ outcome }) => mailSeries[outcome] ?? outcome, 'No mail was due.')}
      ${draw(
        'Limits',
        refused,
        ({ kind, reason }) => (isOther(kind) && isLimit(reason) ? (reason ?? '') : undefined),
        'No limit was reached.',
      )}
    </div>
    <p><a href="${checksPath}">Refused session checks, with the fix of each</a></p>`;
}

/** Whose query is cheap enough to be repeated every few seconds. */
const liveRanges: readonly RangeName[] = ['1h', '24h'];

/** The script refreshes what `data-live` has, and shows what is hidden; without one the link does. */
export function checksPage(checks: readonly Row[], rangeName: RangeName, now: Date): Html {
  const columns = {
    Reason: 'reason',
    Meaning: 'meaning',
    Site: 'site',
    Caller: 'caller',
    Count: 'count',
    Last: 'lastAt',
    Fix: 'fix',
  };
  const isLive = liveRanges.includes(rangeName);
  const controls = markup`<button id="pause" type="button" hidden>Pause</button>
    <span id="updated" hidden>Refreshes every 5 seconds.</span>`;
  return markup`<p>Session checks that were refused or failed, by reason, site and caller, the most frequent first.</p>
    ${rangeLinks(checksPath, rangeName)}
    <p class="actions">
      <a href="${checksPath}?range=${rangeName}">Refresh</a>
      ${isLive ? controls : ''}
    </p>
    <div ${isLive ? markup`data-live` : ''}>
      <p>As of ${now.toISOString().slice(0, 19).replace('T', ' ')} UTC.</p>
      ${table('Refused session checks', checks, columns, 'None: every session check was answered with a session, or had none to check.')}
    </div>`;
}
