/** Signs in, steps up and ends an impersonation, over the service's own endpoints. Everything else works without it. */
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
for (const form of document.querySelectorAll('form[data-step]')) {
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const status = document.getElementById('status');
    status.textContent = '';
    const button = form.querySelector('button');
    button.disabled = true;
    try {
      if (await steps[form.dataset.step](form)) location.reload();
    } catch (error) {
      status.textContent = error.message;
    } finally { button.disabled = false; }
  });
}
`;
