/** A call that needs a newer or stronger proof: one dialog, then the call once more. */
// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { beforeEach, expect, test, vi } from 'vitest';
import type { Auth } from '../src/client/create-auth.js';
import { useAuthenticator } from './support/authenticator.js';
import { totp } from './support/fake-factors.js';
import { password, user } from './support/fake-service.js';
import { descriptionOf, press, router, type } from './support/page-driver.js';
import { useFakeService } from './support/use-fake-service.js';

const api = 'https://api.example.com';
vi.mock('./support/docusaurus/useGlobalData.js', async () => {
  const { readOptions } = await import('../src/options.js');
  const options = { authUrl: 'https://auth.example.com', apiOrigins: ['https://api.example.com'] };
  return { usePluginData: () => readOptions(options) };
});

const fake = useFakeService();
const authenticator = useAuthenticator();
/** What the API answers, in order; afterwards 200. */
const answers: Response[] = [];
const calls: { readonly body: string }[] = [];
const sent = (path: string) => fake.service.requests.filter((one) => one === path).length;

beforeEach(async () => {
  fake.service.factors.stepUpMethods = ['password', 'totp', 'backup_code', 'passkey'];
  answers.length = calls.length = 0;
  const { currentLocation } = await router();
  Object.assign(currentLocation, { pathname: '/exercises', search: '', hash: '' });
  const { fetch } = fake.service;
  vi.stubGlobal('fetch', async (input: Request | string, init?: RequestInit) => {
    const request = new Request(input, init);
    if (!request.url.startsWith(api)) return fetch(request, init);
    calls.push({ body: await request.text() });
    return answers.shift() ?? Response.json({ grade: 'A' });
  });
});

const stale = (status = 401, body: object = { reason: 'not_fresh' }) =>
  Response.json(body, { status });

/** A page of the site, signed in. */
async function open(): Promise<Auth> {
  const [{ withPageFrame }, { getAuth, useAuthOptions }] = await Promise.all([
    import('../src/client/page-frame.jsx'),
    import('../src/client/hooks.js'),
  ]);
  let auth: Auth | undefined;
  const Page = withPageFrame(() => {
    auth = getAuth(useAuthOptions());
    return <button type="button">Behind</button>;
  });
  render(<Page />, { reactStrictMode: true });
  await act(async () => {
    await auth?.actions.signIn({ email: user.email, password });
  });
  if (auth === undefined) throw new Error('not rendered');
  fake.service.requests.length = 0;
  return auth;
}

const dialog = () => screen.findByRole('dialog', { name: 'Is it you?' });
const grade = `${api}/grade`;

test.each([
  ['401 not_fresh', stale()],
  ['403 in FastAPI’s detail', stale(403, { detail: { reason: 'not_fresh' } })],
  ['the code of the service', stale(403, { code: 'SESSION_NOT_FRESH' })],
  [
    'WWW-Authenticate of RFC 9470',
    new Response('', {
      status: 401,
      headers: {
        'www-authenticate': 'Bearer error="insufficient_user_authentication", max_age="600"',
      },
    }),
  ],
])('%s: after the password the call is repeated, with its body', async (_name, answer) => {
  const auth = await open();
  answers.push(answer);
  const response = auth.apiFetch(grade, { method: 'POST', body: 'an essay' });
  const box = await dialog();
  expect(calls).toHaveLength(1);
  expect(document.activeElement).toBe(within(box).getByLabelText('Password'));
  type('Password', password);
  press('Confirm');
  expect(await (await response).json()).toEqual({ grade: 'A' });
  expect(calls.map(({ body }) => body)).toEqual(['an essay', 'an essay']);
  expect(screen.queryByRole('dialog')).toBeNull();
  expect(fake.service.bodies.get('/step-up')).toEqual({ password });
  expect(auth.sessions.state().status).toBe('signedIn');
});

test('such a 401 starts no session check, whose late answer could delete the new cookie', async () => {
  const auth = await open();
  answers.push(stale());
  void auth.apiFetch(grade);
  await dialog();
  expect(sent('/get-session')).toBe(0);
});

test('a session check under way ends before the proof is sent', async () => {
  const auth = await open();
  answers.push(stale());
  const response = auth.apiFetch(grade);
  await dialog();
  let release: () => void = () => undefined;
  const { fetch } = fake.service;
  const held = new Promise<void>((resolve) => (release = resolve));
  vi.stubGlobal('fetch', async (input: Request | string, init?: RequestInit) => {
    const request = new Request(input, init);
    if (request.url.startsWith(api)) return Response.json({});
    if (request.url.endsWith('/get-session')) await held;
    return fetch(request, init);
  });
  void auth.actions.recheck();
  type('Password', password);
  press('Confirm');
  await act(() => new Promise((resolve) => setTimeout(resolve, 50)));
  expect(fake.service.bodies.get('/step-up')).toEqual({});
  release();
  expect((await response).status).toBe(200);
});

test('the call is repeated once, even if it is refused again', async () => {
  const auth = await open();
  answers.push(stale(), stale());
  const response = auth.apiFetch(grade);
  await dialog();
  type('Password', password);
  press('Confirm');
  expect((await response).status).toBe(401);
  expect(calls).toHaveLength(2);
  expect(screen.queryByRole('dialog')).toBeNull();
});

test('concurrent calls share one dialog', async () => {
  const auth = await open();
  answers.push(stale(), stale(), stale());
  const responses = [1, 2, 3].map(() => auth.apiFetch(grade));
  await dialog();
  await waitFor(() => expect(calls).toHaveLength(3));
  expect(screen.getAllByRole('dialog')).toHaveLength(1);
  type('Password', password);
  press('Confirm');
  expect((await Promise.all(responses)).map(({ status }) => status)).toEqual([200, 200, 200]);
  const proofs = fake.service.requests.filter((path) => path === '/step-up');
  expect(proofs).toHaveLength(3); // one, and two questions for the methods in StrictMode
});

test.each([
  ['Cancel', () => press('Cancel')],
  ['Escape', () => fireEvent.keyDown(screen.getByRole('dialog'), { key: 'Escape' })],
])('%s returns the original response, and the focus', async (_name, leave) => {
  const auth = await open();
  screen.getByText('Behind').focus();
  answers.push(stale(403, { code: 'SESSION_NOT_FRESH', reason: 'not_fresh', why: 'original' }));
  const response = auth.apiFetch(grade);
  await dialog();
  leave();
  expect(await (await response).json()).toMatchObject({ why: 'original' });
  expect(calls).toHaveLength(1);
  expect(screen.queryByRole('dialog')).toBeNull();
  expect(document.activeElement).toBe(screen.getByText('Behind'));
});

test('the focus stays in the dialog', async () => {
  const auth = await open();
  answers.push(stale());
  void auth.apiFetch(grade);
  const box = await dialog();
  const [first, last] = [within(box).getByLabelText('Password'), screen.getByText('Cancel')];
  last.focus();
  fireEvent.keyDown(last, { key: 'Tab' });
  expect(document.activeElement).toBe(first);
  fireEvent.keyDown(first, { key: 'Tab', shiftKey: true });
  expect(document.activeElement).toBe(last);
});

test('a wrong password is shown at its field, and the dialog stays', async () => {
  const auth = await open();
  answers.push(stale());
  void auth.apiFetch(grade);
  await dialog();
  type('Password', 'wrong');
  press('Confirm');
  await waitFor(() =>
    expect(descriptionOf(screen.getByLabelText('Password'))).toBe('The current password is wrong.'),
  );
  expect(screen.getByRole('dialog')).toBeTruthy();
});

test('aal2_required takes a second factor, not the password', async () => {
  const auth = await open();
  answers.push(stale(401, { reason: 'aal2_required' }));
  const response = auth.apiFetch(grade);
  await dialog();
  expect(screen.getByText('This needs your second factor.')).toBeTruthy();
  expect(screen.queryByLabelText('Password')).toBeNull();
  expect(screen.queryByRole('button', { name: 'Use your password' })).toBeNull();
  type('Code of your authenticator app', totp);
  press('Confirm');
  expect((await response).status).toBe(200);
  expect(fake.service.bodies.get('/step-up')).toEqual({ totp });
});

test('an account without a second factor reads where to set one up', async () => {
  fake.service.factors.stepUpMethods = ['password'];
  const auth = await open();
  answers.push(stale(401, { reason: 'aal2_required' }));
  const response = auth.apiFetch(grade);
  await dialog();
  expect(screen.getByText(/Your account has no second factor yet/)).toBeTruthy();
  const link = screen.getByRole('link', { name: /Set one up/ });
  expect(link.getAttribute('href')).toBe('/account');
  fireEvent.click(link);
  expect((await response).status).toBe(401);
});

test('a passkey is a proof; one that the visitor cancels is no error', async () => {
  const auth = await open();
  answers.push(stale());
  const response = auth.apiFetch(grade);
  await dialog();
  press('Use a passkey');
  const { ceremonies } = authenticator;
  press('Use a passkey');
  await waitFor(() => expect(ceremonies).toHaveLength(1));
  ceremonies[0]?.fail('NotAllowedError');
  await screen.findByRole('button', { name: 'Use a passkey', busy: false });
  expect(screen.getAllByRole('alert').map(({ textContent }) => textContent)).toEqual(['']);
  press('Use a passkey');
  await waitFor(() => expect(ceremonies).toHaveLength(2));
  ceremonies[1]?.answer();
  expect((await response).status).toBe(200);
  expect(fake.service.bodies.get('/step-up')).toMatchObject({ passkey: { id: 'AQID' } });
});

test('a service without the route, or in an outage, opens no dialog', async () => {
  const auth = await open();
  fake.service.factors.stepUpMethods = undefined;
  answers.push(stale());
  expect((await auth.apiFetch(grade)).status).toBe(401);
  fake.service.mode = 'database-down';
  answers.push(stale());
  expect((await auth.apiFetch(grade)).status).toBe(401);
  expect(screen.queryByRole('dialog')).toBeNull();
});

test('another origin cannot open the dialog', async () => {
  const auth = await open();
  vi.stubGlobal('fetch', () => Promise.resolve(stale()));
  expect((await auth.apiFetch('https://elsewhere.example/')).status).toBe(401);
  expect(screen.queryByRole('dialog')).toBeNull();
});

test('an action of the account page is repeated as well', async () => {
  const auth = await open();
  fake.service.refuse.set('/change-password', {
    status: 403,
    body: { code: 'SESSION_NOT_FRESH', reason: 'not_fresh' },
  });
  const fields = { currentPassword: password, newPassword: 'quiet harbour seventeen' };
  const outcome = auth.actions.changePassword(fields);
  await dialog();
  fake.service.refuse.set('/change-password', { status: 200, body: { user } });
  type('Password', password);
  press('Confirm');
  expect(await outcome).toMatchObject({ ok: true });
  expect(sent('/change-password')).toBe(2);
});

test('a dialog ends with the page that opened it', async () => {
  const auth = await open();
  answers.push(stale());
  const response = auth.apiFetch(grade);
  await dialog();
  cleanup();
  expect((await response).status).toBe(401);
});
