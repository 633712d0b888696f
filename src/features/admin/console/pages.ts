/** The pages of the console, from what the handlers of the API return. */
import type { Refusal } from '../guard.js';
import { markup, type Html } from './html.js';
import { consolePath } from './layout.js';

type Row = Readonly<Record<string, unknown>>;

/** A cell: dates and lists as text. */
function shown(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return value.toISOString().slice(0, 16).replace('T', ' ');
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  if (Array.isArray(value)) return value.map(shown).join(', ');
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return JSON.stringify(value);
}

/** @param label of the region, which scrolls. @param columns title → the row's field */
function table(
  label: string,
  rows: readonly Row[],
  columns: Readonly<Record<string, string>>,
  none: string,
): Html {
  if (rows.length === 0) return markup`<p>${none}</p>`;
  const titles = Object.keys(columns).map((title) => markup`<th scope="col">${title}</th>`);
  const body = rows.map(
    (row) =>
      markup`<tr>
        ${Object.values(columns).map((field) => markup`<td><bdi>${shown(row[field])}</bdi></td>`)}
      </tr>`,
  );
  return markup`<div class="scroll" tabindex="0" role="region" aria-label="${label}">
    <table>
      <thead>
        <tr>
          ${titles}
        </tr>
      </thead>
      <tbody>
        ${body}
      </tbody>
    </table>
  </div>`;
}

const codeField = markup`<label
    >Code of the authenticator app
    <input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" required /></label
  ><button>Continue</button>`;

/** What a caller who is no operator can do about it. */
export function signInPage({ reason, message }: Refusal): Html {
  if (reason === 'aal2_required' || reason === 'not_fresh') {
    return markup`<p>${message}</p>
      <form data-step="stepUp">${codeField}</form>
      <form data-step="stepUpPasskey"><button>Use a passkey</button></form>`;
  }
  if (reason === 'impersonating') {
    return markup`<p>${message}</p>
      <form data-step="stop"><button>Stop impersonating</button></form>`;
  }
  if (reason === 'role_required') {
    return markup`<p>${message}</p>
      <form data-step="signOut"><button>Sign out</button></form>`;
  }
  return markup`<form data-step="signIn">
      <label>E-mail <input name="email" type="email" autocomplete="username" required /></label>
      <label
        >Password <input name="password" type="password" autocomplete="current-password" required
      /></label>
      <button>Sign in</button>
    </form>
    <form data-step="code" id="code-form" hidden>${codeField}</form>
    <form data-step="passkey"><button>Sign in with a passkey</button></form>
    <noscript><p>Signing in needs JavaScript.</p></noscript>`;
}

const searchForm = (email = '') =>
  markup`<form action="${consolePath}" method="get" role="search">
    <label
      >E-mail address, id, or the fingerprint of a session
      <input name="q" value="${email}" maxlength="254"
    /></label>
    <button>Search</button>
  </form>`;

/** Sign-ins and refusals of a day, as bars. */
function chart(counts: readonly Row[], outcome: string, title: string): Html {
  const perHour = new Map<string, number>();
  for (const { start, outcome: own, count } of counts) {
    if (own !== outcome) continue;
    perHour.set(String(start), (perHour.get(String(start)) ?? 0) + Number(count));
  }
  const bars = [...perHour].sort(([a], [b]) => (a < b ? -1 : 1)).slice(-24);
  const most = Math.max(1, ...bars.map(([, count]) => count));
  const total = bars.reduce((sum, [, count]) => sum + count, 0);
  return markup`<h2>${title}: ${total}</h2>
    <svg viewBox="0 0 480 90" role="img" aria-label="${title}, per hour: ${total} in a day">
      ${bars.map(([start, count], index) => {
        const height = Math.max(1, Math.round((count / most) * 60));
        return markup`<rect x="${index * 20}" y="${66 - height}" width="16" height="${height}">
            <title>${start.slice(11, 16)} UTC: ${count}</title>
          </rect>
          ${index % 4 === 0 ? markup`<text x="${index * 20}" y="82">${start.slice(11, 16)}</text>` : ''}`;
      })}
    </svg>`;
}

export function homePage(counts: readonly Row[], checks: readonly Row[]): Html {
  const failing = { Reason: 'reason', Site: 'site', Count: 'count', Last: 'lastAt', Fix: 'fix' };
  return markup`${searchForm()} ${chart(counts, 'success', 'Sign-ins')}
    ${chart(counts, 'refused', 'Refused sign-ins')}
    <h2>Refused session checks of the last day</h2>
    ${table('Refused session checks', checks, failing, 'None.')}`;
}

export function resultsPage(query: string, users: readonly Row[]): Html {
  const rows = users.map(
    ({ id, email, name }) =>
      markup`<li>
        <a href="${consolePath}/users/${encodeURIComponent(String(id))}"><bdi>${shown(email)}</bdi></a>
        <bdi>${shown(name)}</bdi>
      </li>`,
  );
  const found = users.length === 0 ? markup`<p>Nobody was found.</p>` : '';
  return markup`${searchForm(query)}
    <ul>
      ${rows}
    </ul>
    ${found}`;
}

/** Action of the API → its button. */
const actions: Readonly<Record<string, string>> = {
  'sign-out': 'Sign out everywhere',
  lock: 'Lock',
  unlock: 'Unlock',
  'lift-limits': 'Lift limits',
  'mail-password-reset': 'Mail a link for a new password',
  'remove-factors': 'Remove second factors',
  'verify-email': 'Mark the address as verified',
  export: 'Export',
};

function actionForms(id: string, impersonation: boolean): Html {
  const to = (action: string) => `${consolePath}/users/${encodeURIComponent(id)}/${action}`;
  const simple = Object.entries(actions).map(
    ([action, label]) =>
      markup`<form action="${to(action)}" method="post"><button>${label}</button></form>`,
  );
  const impersonate = markup`<form action="${to('impersonate')}" method="post">
    <label>Reason <input name="reason" minlength="3" maxlength="200" required /></label>
    <button>Act as this user for an hour</button>
  </form>`;
  return markup`<div class="actions">${simple}</div>
    <form action="${to('set-password')}" method="post">
      <label
        >New password <input name="password" type="password" autocomplete="new-password" required
      /></label>
      <button>Set the password</button>
    </form>
    ${impersonation ? impersonate : ''}
    <details>
      <summary>Delete</summary>
      <form action="${to('delete')}" method="post"><button>Delete for good</button></form>
    </details>`;
}

interface UserView {
  readonly user: Row;
  readonly sessions: readonly Row[];
  readonly secondFactors: readonly string[];
  readonly logins: readonly Row[];
  readonly mails: readonly Row[];
  readonly limits: readonly Row[];
}

interface StoryView {
  readonly events: readonly Row[];
  readonly diagnosis: { readonly sentence: string; readonly fix: string };
}

export function userPage(
  { user, sessions, secondFactors, logins, mails, limits }: UserView,
  { events, diagnosis }: StoryView,
  impersonation: boolean,
): Html {
  const fields = ['id', 'name', 'emailVerified', 'roles', 'createdAt', 'lockedAt', 'deleteAfter'];
  return markup`<div class="box">
      <p><strong>${diagnosis.sentence}</strong></p>
      <p>${diagnosis.fix}</p>
    </div>
    <dl>
      ${fields.map((field) => markup`<dt>${field}</dt><dd><bdi>${shown(user[field])}</bdi></dd>`)}
      <dt>second factors</dt>
      <dd>${secondFactors.join('; ') || 'none'}</dd>
    </dl>
    <h2>What to do</h2>
    ${actionForms(String(user.id), impersonation)}
    <h2>What happened</h2>
    ${table('What happened', events, { Time: 'at', What: 'sentence', Fix: 'fix' }, 'Nothing is recorded.')}
    <h2>Sessions</h2>
    ${table(
      'Sessions',
      sessions,
      {
        Since: 'createdAt',
        Used: 'updatedAt',
        Device: 'userAgent',
        Address: 'ipAddress',
        Level: 'aal',
      },
      'None.',
    )}
    <h2>Logins</h2>
    ${table('Logins', logins, { Provider: 'provider', Since: 'createdAt' }, 'None.')}
    <h2>Mails</h2>
    ${table('Mails', mails, { Time: 'createdAt', Mail: 'template', State: 'state', Reason: 'reason' }, 'None.')}
    <h2>Limits</h2>
    ${table('Limits', limits, { Kind: 'kind', Of: 'of', Count: 'count', Since: 'since' }, 'None.')}`;
}
