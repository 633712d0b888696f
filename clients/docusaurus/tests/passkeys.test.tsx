/** Passkeys on the sign-in page and on the account page. */
// @vitest-environment jsdom
import { act, cleanup, render, screen, waitFor, within } from '@testing-library/react';
import { beforeEach, expect, test, vi } from 'vitest';
import { useAuthenticator } from './support/authenticator.js';
import { password, user } from './support/fake-service.js';
import { load, press, router, signIn, type } from './support/page-driver.js';
import { useFakeService } from './support/use-fake-service.js';

const fake = useFakeService();
const authenticator = useAuthenticator();
const strict = { reactStrictMode: true };
const sent = (path: string) => fake.service.requests.filter((one) => one === path).length;
const button = () => screen.findByRole('button', { name: 'Sign in with a passkey' });

beforeEach(async () => {
  fake.service.features = { passkeys: true };
  const { visited, currentLocation } = await router();
  visited.length = 0;
  Object.assign(currentLocation, { pathname: '/sign-in', search: '', hash: '' });
});

async function openSignIn() {
  const SignIn = await load('AuthSignInPage');
  return render(<SignIn />, strict);
}

/** The ceremonies of that kind that are still under way. */
const open = (mediation: string | undefined) =>
  authenticator.ceremonies.filter((one) => one.mediation === mediation && !one.signal?.aborted);

test('the e-mail field offers passkeys at once, and a chosen one signs in', async () => {
  await openSignIn();
  await waitFor(() => expect(open('conditional')).toHaveLength(1));
  expect(screen.getByLabelText<HTMLInputElement>('E-mail address').autocomplete).toBe(
    'username webauthn',
  );
  open('conditional')[0]?.answer();
  expect(await screen.findByText('You are signed in as Ada Lovelace.')).toBeTruthy();
  expect(fake.service.bodies.get('/passkey/verify-authentication')).toMatchObject({
    response: { id: 'AQID', type: 'public-key' },
  });
  expect((await router()).visited).toEqual(['/']);
});

test('the button opens a dialog of the browser in place of the suggestions', async () => {
  await openSignIn();
  await waitFor(() => expect(open('conditional')).toHaveLength(1));
  await button();
  press('Sign in with a passkey');
  await waitFor(() => expect(open(undefined)).toHaveLength(1));
  expect(open('conditional')).toEqual([]);
  open(undefined)[0]?.answer();
  expect(await screen.findByText('You are signed in as Ada Lovelace.')).toBeTruthy();
});

test('a dialog that the visitor cancels is no error, and the suggestions return', async () => {
  await openSignIn();
  await button();
  press('Sign in with a passkey');
  await waitFor(() => expect(open(undefined)).toHaveLength(1));
  open(undefined)[0]?.fail('NotAllowedError');
  await waitFor(() => expect(open('conditional')).toHaveLength(1));
  for (const alert of screen.getAllByRole('alert')) expect(alert.textContent).toBe('');
});

test('leaving the page ends the suggestions', async () => {
  await openSignIn();
  await waitFor(() => expect(open('conditional')).toHaveLength(1));
  cleanup();
  await waitFor(() => expect(open('conditional')).toEqual([]));
});

test.each([
  ['passkey_unknown', 'This passkey belongs to no account here'],
  ['challenge_expired', 'That took too long'],
  ['passkey_user_not_verified', 'did not check that it is you'],
  ['passkey_rp_mismatch', 'check RP_ID'],
  ['passkey_cloned', 'seems to have been copied'],
])('%s is explained', async (reason, message) => {
  const body = { code: reason.toUpperCase(), reason, message: 'Of the service.' };
  fake.service.refuse.set('/passkey/verify-authentication', { status: 401, body });
  await openSignIn();
  await button();
  press('Sign in with a passkey');
  await waitFor(() => expect(open(undefined)).toHaveLength(1));
  open(undefined)[0]?.answer();
  expect(await screen.findByText(new RegExp(message))).toBeTruthy();
});

test('a browser that does not accept the address of the site says so', async () => {
  await openSignIn();
  await button();
  press('Sign in with a passkey');
  await waitFor(() => expect(open(undefined)).toHaveLength(1));
  open(undefined)[0]?.fail('SecurityError');
  expect(await screen.findByText(/Passkeys do not work at this address/)).toBeTruthy();
});

test('a browser without passkeys, or a service without them, has no button', async () => {
  vi.stubGlobal('PublicKeyCredential', undefined);
  await openSignIn();
  await waitFor(() => expect(sent('/features')).toBe(1));
  await act(async () => Promise.resolve());
  expect(screen.queryByRole('button', { name: 'Sign in with a passkey' })).toBeNull();
  expect(sent('/passkey/generate-authenticate-options')).toBe(0);
});

test('a service without passkeys is not asked for a challenge', async () => {
  fake.service.features = {};
  await openSignIn();
  await waitFor(() => expect(sent('/features')).toBe(1));
  await act(async () => Promise.resolve());
  expect(screen.getByLabelText<HTMLInputElement>('E-mail address').autocomplete).toBe('username');
  expect(authenticator.ceremonies).toEqual([]);
});

test('a passkey is a second factor where the account has one', async () => {
  fake.service.factors.due = 'verify';
  fake.service.factors.methods = ['passkey'];
  await openSignIn();
  await signIn();
  await button();
  expect(screen.queryByLabelText(/authenticator app/)).toBeNull();
  press('Sign in with a passkey');
  await waitFor(() => expect(open(undefined)).toHaveLength(1));
  open(undefined)[0]?.answer();
  expect(await screen.findByText('You are signed in as Ada Lovelace.')).toBeTruthy();
});

test('a passkey can be the second factor that the service requires', async () => {
  fake.service.factors.due = 'enrol';
  fake.service.factors.methods = ['totp', 'passkey'];
  await openSignIn();
  await signIn();
  press('Create a passkey');
  await waitFor(() => expect(authenticator.ceremonies.at(-1)?.kind).toBe('create'));
  authenticator.ceremonies.at(-1)?.answer();
  expect(await screen.findByText('You are signed in as Ada Lovelace.')).toBeTruthy();
});

async function openAccount() {
  const body = JSON.stringify({ email: user.email, password });
  await fake.service.fetch('https://auth.example.com/api/auth/sign-in/email', {
    method: 'POST',
    body,
  });
  const Account = await load('AuthAccountPage');
  render(<Account />, strict);
  const heading = await screen.findByRole('heading', { name: 'Passkeys' });
  return within(heading.parentElement as HTMLElement);
}

test('the account page lists the passkeys, renames and removes them', async () => {
  const createdAt = '2026-11-01T12:00:00.000Z';
  fake.service.factors.passkeys = [{ id: 'p1', name: 'My phone', createdAt }];
  const section = await openAccount();
  expect(await section.findByText('My phone')).toBeTruthy();
  expect(section.getByText(/Not used yet/)).toBeTruthy();
  press('Rename My phone');
  type('Name of the passkey', 'My old phone');
  press('Save the name');
  expect(await section.findByText('My old phone')).toBeTruthy();
  press('Remove My old phone');
  expect(await section.findByText(/The passkey was removed here/)).toBeTruthy();
  await waitFor(() => expect(section.queryByText('My old phone')).toBeNull());
  expect(document.activeElement?.tagName).toBe('UL');
});

test('a new passkey is named after the device', async () => {
  const section = await openAccount();
  press('Create a passkey');
  await waitFor(() => expect(authenticator.ceremonies).toHaveLength(1));
  authenticator.ceremonies[0]?.answer();
  expect(await section.findByText(/The passkey was created/)).toBeTruthy();
  const { name } = fake.service.bodies.get('/passkey/verify-registration') ?? {};
  expect(name).toMatch(/\w/);
  expect(await section.findByText(String(name))).toBeTruthy();
});

test('a passkey that this device has already, and the last way in, are explained', async () => {
  const createdAt = '2026-11-01T12:00:00.000Z';
  fake.service.factors.passkeys = [{ id: 'p1', name: 'My phone', createdAt }];
  const section = await openAccount();
  press('Create a passkey');
  await waitFor(() => expect(authenticator.ceremonies).toHaveLength(1));
  authenticator.ceremonies[0]?.fail('InvalidStateError');
  expect(await section.findByText(/already has a passkey of this device/)).toBeTruthy();
  const body = { code: 'PASSKEY_LAST_WAY_IN', reason: 'passkey_last_way_in' };
  fake.service.refuse.set('/passkey/delete-passkey', { status: 400, body });
  press('Remove My phone');
  expect(await section.findByText(/This is the last way to sign in/)).toBeTruthy();
  expect(section.getByText('My phone')).toBeTruthy();
});
