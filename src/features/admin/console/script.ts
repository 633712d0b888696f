/**
 * Signs in, steps up and ends an impersonation, over the service's own endpoints, and refreshes the list of failing checks.
 * Everything else works without it.
 */
export const script = `
const post = async (path, body) => {
  const answer = await fetch(path, {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body),
  });
  const data = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(data.message || 'The service answered ' + answer.status + '.');
  return data;
};
const askPasskey = async () => {
  const answer = await fetch('/api/auth/passkey/generate-authenticate-options');
  if (!answer.ok) throw new Error('This service has no passkeys.');
  const options = PublicKeyCredential.parseRequestOptionsFromJSON(await answer.json());
  return (await navigator.credentials.get({ publicKey: options })).toJSON();
};
// Loaded again or kept as a bookmark, the page must not say it once more.
if (document.querySelector('.done')) history.replaceState(null, '', location.pathname);
const steps = {
  async signIn(form) {
    const { email, password } = form.elements;
    const done = await post('/api/auth/sign-in/email', { email: email.value, password: password.value });
    if (!done.twoFactorRedirect) return true;
    form.hidden = true;
    document.getElementById('code-form').hidden = false;
    document.getElementById('code').focus();
    return false;
  },
  async code(form) {
    await post('/api/auth/two-factor/verify-totp', { code: form.elements.code.value.trim() });
    return true;
  },
  async stepUp(form) {
    await post('/api/auth/step-up', { totp: form.elements.code.value.trim() });
    return true;
  },
  async passkey() {
    await post('/api/auth/passkey/verify-authentication', { response: await askPasskey() });
    return true;
  },
  async stepUpPasskey() {
    await post('/api/auth/step-up', { passkey: await askPasskey() });
    return true;
  },
  async signOut() { await post('/api/auth/sign-out', {}); return true; },
  async stop() { await post('/api/admin/stop-impersonating', {}); return true; },
};
// What was asked for before the proof; a page that answers a form must not be loaded again, which would ask to send it twice.
const goOn = (step) => {
  const again = document.getElementById('again');
  const then = document.getElementById('then');
  if (step === 'signOut' || step === 'stop') location.assign(then ? then.href : '/console');
  else if (again) again.requestSubmit();
  else if (then) location.assign(then.href);
  else location.reload();
};
for (const form of document.querySelectorAll('form[data-step]')) {
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const status = document.getElementById('status');
    status.textContent = '';
    const button = form.querySelector('button');
    button.disabled = true;
    try {
      if (await steps[form.dataset.step](form)) goOn(form.dataset.step);
    } catch (error) {
      status.textContent = error.message;
    } finally { button.disabled = false; }
  });
}
const live = document.querySelector('[data-live]');
if (live) {
  const pause = document.getElementById('pause');
  const updated = document.getElementById('updated');
  let isPaused = false;
  let timer;
  const stop = (why) => {
    isPaused = true;
    clearTimeout(timer);
    pause.textContent = 'Resume';
    updated.textContent = 'Paused.';
    document.getElementById('status').textContent = why;
  };
  const plan = () => {
    clearTimeout(timer);
    if (!isPaused && !document.hidden) timer = setTimeout(refresh, 5000);
  };
  const refresh = async () => {
    try {
      const answer = await fetch(location.href, { signal: AbortSignal.timeout(15000) });
      if (!answer.ok) throw new Error(answer.status === 401 || answer.status === 403
        ? 'You are not signed in as an operator any more. Load the page again.'
        : 'The service answered ' + answer.status + '.');
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const fresh = page.querySelector('[data-live]');
      if (!fresh) throw new Error('The page has changed. Load it again.');
      if (isPaused || document.hidden) return;
      // The region keeps its focus and its scroll position; a selection would be lost, so it waits.
      const isSelecting = !getSelection().isCollapsed && live.contains(getSelection().anchorNode);
      const [table, next] = [live, fresh].map((one) => one.querySelector('.scroll'));
      if (isSelecting) return;
      if (table && next) {
        table.replaceChildren(...next.childNodes);
        live.querySelector('p').replaceWith(fresh.querySelector('p'));
      } else live.replaceChildren(...fresh.childNodes);
    } catch (error) {
      stop('The list is not refreshed: ' + error.message);
    } finally { plan(); }
  };
  pause.hidden = updated.hidden = false;
  pause.addEventListener('click', () => {
    if (!isPaused) return stop('');
    isPaused = false;
    pause.textContent = 'Pause';
    updated.textContent = 'Refreshes every 5 seconds.';
    document.getElementById('status').textContent = '';
    refresh();
  });
  document.addEventListener('visibilitychange', plan);
  plan();
}
`;
