/** The pages of the console for a caller who is no operator yet, and for finding users. */
import type { Refusal } from '../guard.js';
import { consolePath } from '../api-routes.js';
import { markup, type Html } from './html.js';
import { shown, type Row } from './table.js';
import { storySections, userPath, type StoryView } from './user-page.js';

const codeField = markup`<label
    >Code of the authenticator app
    <input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" required /></label
  ><button>Continue</button>`;

const noScript = markup`<noscript><p class="bad">Proving who you are needs JavaScript. Every other page works without.</p></noscript>`;

export interface SignInOptions {
  /** Whether passkeys are on. */
  readonly hasPasskeys: boolean;
  /** What follows the proof: a form that the script submits, or a link that it follows. Otherwise it loads the page again, which must be the answer to a GET. */
  readonly then?: Html | undefined;
}

/** What a caller who is no operator can do about it. */
export function signInPage(
  { reason, message, verdict }: Refusal,
  { hasPasskeys, then }: SignInOptions,
): Html {
  const passkey = (step: string, label: string) =>
    hasPasskeys ? markup`<form data-step="${step}"><button>${label}</button></form>` : '';
  if (reason === 'aal2_required' || reason === 'not_fresh') {
    const setUp =
      reason === 'not_fresh'
        ? ''
        : markup`<p>Without one, set it up in your account on the site first.</p>`;
    return markup`<p>${message}</p>${setUp}
      <form data-step="stepUp">${codeField}</form>
      ${passkey('stepUpPasskey', 'Use a passkey')} ${then} ${noScript}`;
  }
  if (reason === 'impersonating') {
    const who = verdict?.signedIn === true ? verdict.identity.user.email : '';
    return markup`<p class="banner">You are acting as <strong><bdi>${who}</bdi></strong>, for an hour at most. What would change the account is refused.</p>
      <form data-step="stop"><button>Stop impersonating</button></form>
      ${then} ${noScript}`;
  }
  if (reason === 'role_required') {
    return markup`<p>${message}</p>
      <form data-step="signOut"><button>Sign out</button></form>
      ${then} ${noScript}`;
  }
  if (reason === 'second_factor_required') {
    return markup`<p>${message}</p>
      <form data-step="code">${codeField}</form>
      ${passkey('passkey', 'Sign in with a passkey')} ${then} ${noScript}`;
  }
  return markup`<form data-step="signIn">
      <label>E-mail <input name="email" type="email" autocomplete="username" required /></label>
      <label
        >Password <input name="password" type="password" autocomplete="current-password" required
      /></label>
      <button>Sign in</button>
    </form>
    <form data-step="code" id="code-form" hidden>${codeField}</form>
    ${passkey('passkey', 'Sign in with a passkey')} ${then} ${noScript}`;
}

export const searchForm = (email = '') =>
  markup`<form action="${consolePath}" method="get" role="search">
    <label
      >E-mail address, id, or the fingerprint of a session
      <input name="q" value="${email}" maxlength="254"
    /></label>
    <button>Search</button>
  </form>`;

/**
 * @param next the last address of this page, if there are more
 * @param story of what was searched for, if nobody was found
 */
export function resultsPage(
  query: string,
  users: readonly Row[],
  next: string | null,
  story: StoryView | undefined,
): Html {
  const rows = users.map(
    ({ id, email, name }) =>
      markup`<li>
        <a href="${userPath(String(id))}"><bdi>${shown(email)}</bdi></a>
        <bdi>${shown(name)}</bdi>
      </li>`,
  );
  const found = users.length === 0 ? markup`<h2>Nobody was found.</h2>` : '';
  return markup`${searchForm(query)}
    <ul>
      ${rows}
    </ul>
    ${found} ${story && storySections(story, query)}
    ${next === null ? '' : markup`<p><a href="${consolePath}?${new URLSearchParams({ q: query, after: next }).toString()}">Next page</a></p>`}`;
}
