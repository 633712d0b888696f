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
      autocomplete: 'current-password', asksFirst: false },
    reset_password: { path: '/reset-password', title: texts.resetTitle, text: texts.resetText,
      button: texts.resetButton, field: 'newPassword', label: texts.newPasswordLabel,
      autocomplete: 'new-password', asksFirst: true },
  };
  const [purpose, token] = fragment.split('=');
  const flow = Object.hasOwn(flows, purpose) && token ? flows[purpose] : undefined;
  if (flow === undefined) return;
  const form = element('form');
  const field = element('password');
  const button = element('button');
  const status = element('status');
  element('title').textContent = document.title = flow.title;
  element('text').textContent = flow.text;
  element('label').textContent = flow.label;
  field.autocomplete = flow.autocomplete;
  button.textContent = flow.button;
  const askPassword = () => {
    element('passwordRow').hidden = false;
    field.required = true;
    field.focus();
  };
  if (flow.asksFirst) askPassword();
  form.hidden = false;

  const finals = ['LINK_USED', 'LINK_EXPIRED', 'LINK_REPLACED', 'LINK_UNKNOWN'];
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    button.disabled = true;
    status.textContent = texts.working;
    const body = { token };
    if (field.required) body[flow.field] = field.value;
    let code;
    try {
      const response = await fetch('${authBasePath}' + flow.path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      if (!response.ok) code = (await response.json()).code;
    } catch {
      code = 'failed';
    }
    button.disabled = false;
    status.textContent = code === undefined ? texts.done : texts[code] || texts.failed;
    // The text says what will happen.
    if (code === undefined || finals.includes(code)) form.hidden = element('text').hidden = true;
    if (code === 'LINK_WRONG_BROWSER') askPassword();
  });
})();
`;
