/** The page of one user: what keeps them out, what an operator can do, and what is known. */
import type { OlderEvents } from '../../explain.js';
import { consolePath } from '../api-routes.js';
import type { UnavailableLimits } from '../../../limit-store.js';
import { actionLabels, simpleActions } from './actions.js';
import { markup, type Html } from './html.js';
import { olderPart } from './older-part.js';
import { shown, table, type Row } from './table.js';

export const userPath = (id: string) => `${consolePath}/users/${encodeURIComponent(id)}`;

function actionForms(id: string, impersonation: boolean): Html {
  const to = (action: string) => `${userPath(id)}/${action}`;
  const simple = Object.entries(simpleActions).map(
    ([action, label]) =>
      markup`<form action="${to(action)}" method="post"><button>${label}</button></form>`,
  );
  const impersonate = markup`<form action="${to('impersonate')}" method="post">
    <label>Reason, for the audit trail <input name="reason" minlength="3" maxlength="200" required /></label>
    <button>${actionLabels.impersonate}</button>
  </form>`;
  return markup`<div class="actions">${simple}</div>
    <form action="${to('set-password')}" method="post">
      <label
        >New password <input name="password" type="password" autocomplete="new-password" required
      /></label>
      <button>${actionLabels['set-password']}</button>
    </form>
    ${impersonation ? impersonate : ''}
    <details>
      <summary>Delete</summary>
      <p>The account, its sessions and its logins. This cannot be undone: export first if the user needs the data.</p>
      <form action="${to('delete')}" method="post"><button>${actionLabels.delete}</button></form>
    </details>`;
}

export interface UserView {
  readonly user: Row;
  readonly sessions: readonly Row[];
  readonly secondFactors: readonly string[];
  readonly passkeys: readonly Row[];
  readonly logins: readonly Row[];
  readonly mails: readonly Row[];
  readonly limits: readonly Row[];
  readonly limitsUnavailable: UnavailableLimits | null;
}

export interface StoryView {
  readonly events: readonly Row[];
  readonly diagnosis: { readonly sentence: string; readonly fix: string };
  readonly limitsUnavailable: UnavailableLimits | null;
  readonly older: OlderEvents | null;
}

/** Field of the user → its name. */
const profile: Readonly<Record<string, string>> = {
  id: 'Id',
  name: 'Name',
  emailVerified: 'Address verified',
  roles: 'Roles',
  createdAt: 'Signed up',
  lockedAt: 'Locked since',
  deleteAfter: 'To be deleted after',
};

const columns = {
  story: { Time: 'at', What: 'sentence', Fix: 'fix' },
  sessions: {
    Since: 'createdAt',
    Used: 'updatedAt',
    Session: 'fingerprint',
    Device: 'userAgent',
    Address: 'ipAddress',
    Level: 'aal',
    'Acted on by': 'impersonatedBy',
  },
  passkeys: { Name: 'name', Since: 'createdAt', Used: 'lastUsedAt' },
  logins: { Provider: 'provider', Since: 'createdAt' },
  mails: { Time: 'createdAt', Mail: 'template', State: 'state', Reason: 'reason' },
  limits: { Kind: 'kind', Of: 'of', Count: 'count', Since: 'since' },
} as const;

/** Instead of limits that may be there. */
const withoutLimits = ({ message, fix }: UnavailableLimits) =>
  markup`<p class="bad">The limits cannot be read now, and are left out: ${message}. To fix it, ${fix}.</p>`;

/** What keeps somebody out. */
const diagnosisBox = ({ diagnosis, limitsUnavailable }: StoryView) =>
  markup`<div class="box">
    <p><strong>${diagnosis.sentence}</strong></p>
    <p>${diagnosis.fix}</p>
    ${limitsUnavailable && withoutLimits(limitsUnavailable)}
  </div>`;

const storyTable = (story: StoryView, older: Html | '') =>
  markup`<h2>What happened</h2>
    ${table('What happened', story.events, columns.story, 'Nothing is recorded.')}
    ${older}`;

/** Where there is no user to show. */
export const storySections = (story: StoryView, query: string) =>
  markup`${diagnosisBox(story)} ${storyTable(story, olderPart(story.older, consolePath, { q: query }, query))}`;

/** @param done what the last action did, if it was one */
export function userPage(
  view: UserView,
  story: StoryView,
  impersonation: boolean,
  done: Html | undefined,
): Html {
  const { user, sessions, secondFactors, passkeys, logins, mails, limits } = view;
  const { limitsUnavailable } = view;
  const id = String(user.id);
  const facts = Object.entries(profile)
    .map(([field, name]) => [name, shown(user[field])] as const)
    .filter(([, value]) => value !== '');
  const endSession = ({ id: sessionId }: Row) =>
    markup`<form action="${userPath(id)}/sign-out" method="post"><input type="hidden" name="sessionId" value="${shown(sessionId)}" /><button>Sign out</button></form>`;
  return markup`${done} ${diagnosisBox(story)}
    <dl>
      ${facts.map(([name, value]) => markup`<dt>${name}</dt><dd><bdi>${value}</bdi></dd>`)}
      <dt>Second factors</dt>
      <dd>${secondFactors.join('; ') || 'none'}</dd>
    </dl>
    <h2>What to do</h2>
    ${actionForms(id, impersonation)}
    ${storyTable(story, olderPart(story.older, userPath(id), {}, id))}
    <h2>Sessions</h2>
    ${table('Sessions', sessions, columns.sessions, 'None.', endSession)}
    <h2>Passkeys</h2>
    ${table('Passkeys', passkeys, columns.passkeys, 'None.')}
    <h2>Logins</h2>
    ${table('Logins', logins, columns.logins, 'None.')}
    <h2>Mails</h2>
    ${table('Mails', mails, columns.mails, 'None.')}
    <h2>Limits</h2>
    ${limitsUnavailable ? withoutLimits(limitsUnavailable) : table('Limits', limits, columns.limits, 'None.')}`;
}
