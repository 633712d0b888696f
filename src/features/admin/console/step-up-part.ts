/** Below the proof that an action needs: what is about to happen and to whom, and the way back. */
import { labelOf } from './actions.js';
import { markup, type Html } from './html.js';
import { userPath } from './user-page.js';

interface PendingAction {
  /** Of the user. */
  readonly id: string;
  readonly email: string;
  /** As in the address of its form. */
  readonly action: string;
  /** Of the form: unverified. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** No action has as many; more would only make the page larger, and are refused when it is sent again. */
const maxFields = 5;

/**
 * After the proof the action is sent again by the script, except a password, which no page may hold: it is entered again.
 * `then` is where the script goes, `again` what it sends.
 */
export function actAgainPart({ id, email, action, fields: all }: PendingAction): Html {
  const fields = Object.fromEntries(Object.entries(all).slice(0, maxFields));
  const back = userPath(id);
  const what = markup`<dl>
      <dt>Action</dt>
      <dd><strong>${labelOf(action, fields)}</strong></dd>
      <dt>User</dt>
      <dd><bdi>${email}</bdi></dd>
      ${typeof fields.reason === 'string' ? markup`<dt>Reason</dt><dd><bdi>${fields.reason}</bdi></dd>` : ''}
    </dl>`;
  if ('password' in fields) {
    return markup`${what}
      <p>Nothing was changed, and the password is not kept: enter it again after the proof.</p>
      <p><a id="then" href="${back}">Do not do it: back to the user</a></p>`;
  }
  const hidden = Object.entries(fields).map(
    ([name, value]) => markup`<input type="hidden" name="${name}" value="${String(value)}" />`,
  );
  return markup`${what}
    <p>Nothing was changed yet: it is done after the proof.</p>
    <form id="again" action="${back}/${action}" method="post" hidden>${hidden}</form>
    <p><a href="${back}">Do not do it: back to the user</a></p>`;
}

/** For a caller who must sign in, and decides anew then. Says nothing of the user. */
export const notDonePart = (id: string) =>
  markup`<p>Nothing was changed. <a id="then" href="${userPath(id)}">Back to the user</a></p>`;
