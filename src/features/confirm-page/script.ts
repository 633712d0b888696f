/**
 * What the confirm page does in the browser. It is inline, and allowed by its hash, so it is the same text for everybody:
 * what differs by language is in the page's data block.
 */
import { authBasePath } from '../../auth/auth-constants.js';

export const script = `
'use strict';
(() => {
  // First of all: the token must not stay in the address bar, the history or a copied address.
  const fragment = location.hash.slice(1);
  history.replaceState(null, '', location.pathname);
  // A second link, opened in this tab, changes only the fragment.
  addEventListener('hashchange', () => location.reload());
  const texts = JSON.parse(document.getElementById('texts').textContent);
  const element = (id) => document.getElementById(id);
  const flows = {
    verify_email: { path: '/verify-email', title: texts.verifyTitle, text: texts.verifyText,
      button: texts.verifyButton, field: 'password', label: texts.passwordLabel,
      autocomplete: 'current-password', wrongBrowser: texts.LINK_WRONG_BROWSER },
    reset_password: { path: '/reset-password', title: texts.resetTitle, text: texts.resetText,
      button: texts.resetButton, field: 'newPassword', label: texts.newPasswordLabel,
      autocomplete: 'new-password', asksFirst: true },
    magic_link: { path: '/magic-link/verify', title: texts.signInTitle, text: texts.signInText,
      button: texts.signInTitle, wrongBrowser: texts.askedElsewhere },
    change_email: { path: '/change-email/verify', title: texts.changeTitle,
      text: texts.changeText, button: texts.changeButton, field: 'password',
      label: texts.passwordLabel, autocomplete: 'current-password',
      wrongBrowser: texts.signedInElsewhere },
    undo_change: { path: '/change-email/undo', title: texts.undoTitle, text: texts.undoText,
      button: texts.undoButton },
    not_me: { path: '/security-notices/not-me', title: texts.notMeTitle, text: texts.notMeText,
      button: texts.notMeButton },
    confirm_provider: { path: '/redirect/confirm', title: texts.verifyTitle,
      text: texts.verifyText, button: texts.verifyButton, wrongBrowser: texts.askedElsewhere },
    delete_account: { path: '/delete-user/verify', title: texts.deleteTitle,
      text: texts.deleteText, button: texts.deleteButton },
  };
  let [purpose, token] = fragment.split('=');
  let flow = Object.hasOwn(flows, purpose) && token ? flows[purpose] : undefined;
  const redirected = new URLSearchParams(fragment);
  if (redirected.has('auth_error')) {
    element('text').textContent = texts.providerFailed;
    element('status').textContent = texts.reason + ' ' + redirected.get('auth_error').slice(0, 60) +
      ', ' + String(redirected.get('request_id')).slice(0, 60);
    return;
  }
  if (redirected.has('auth_code')) {
    // Pages that start redirects redeem them on their own page; here nobody keeps a verifier.
    element('text').textContent = texts.startedElsewhere;
    return;
  }
  if (flow === undefined) return;
  const form = element('form');
  const field = element('password');
  const button = element('button');
  const status = element('status');
  const askPassword = () => {
    element('passwordRow').hidden = false;
    field.required = true;
    field.focus();
  };
  const show = () => {
    element('title').textContent = document.title = flow.title;
    element('text').textContent = flow.text;
    if (flow.label) element('label').textContent = flow.label;
    if (flow.autocomplete) field.autocomplete = flow.autocomplete;
    button.textContent = flow.button;
    if (flow.asksFirst) askPassword();
    form.hidden = false;
  };
  show();

  const finals = ['LINK_USED', 'LINK_EXPIRED', 'LINK_REPLACED', 'LINK_UNKNOWN'];
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    button.disabled = true;
    status.textContent = texts.working;
    const body = { token };
    if (field.required) body[flow.field] = field.value;
    let code;
    let resetToken;
    let deleteAfter;
    try {
      const response = await fetch('${authBasePath}' + flow.path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      const answer = await response.json();
      if (!response.ok) code = answer.code || 'failed';
      ({ resetToken, deleteAfter } = answer);
    } catch {
      code = 'failed';
    }
    button.disabled = false;
    // All access has ended: the new password is what comes next.
    if (code === undefined && resetToken) {
      [flow, token] = [flows.reset_password, resetToken];
      status.textContent = texts.accessEnded;
      show();
      return;
    }
    status.textContent = code === undefined ? texts.done : texts[code] || texts.failed;
    if (code === undefined && deleteAfter) {
      const day = new Date(deleteAfter).toLocaleDateString(document.documentElement.lang, { dateStyle: 'long' });
      status.textContent = texts.deletionScheduled.replace('{day}', day);
    }
    if (code === 'LINK_WRONG_BROWSER') {
      status.textContent = flow.wrongBrowser;
      if (flow.field) askPassword();
      else form.hidden = element('text').hidden = true;
      return;
    }
    // The text says what will happen.
    if (code === undefined || finals.includes(code)) form.hidden = element('text').hidden = true;
  });
})();
`;
