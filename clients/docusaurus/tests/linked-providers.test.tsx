/** The providers on the account page: listed, linked and unlinked. */
// @vitest-environment jsdom
import { render, screen, waitFor, within } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { createFakeService } from './support/fake-service.js';
import { refusalOf } from './support/fake-redirect.js';
import { load, press, signIn } from './support/page-driver.js';
import {
  issueCode,
  left,
  offered,
  returnWith,
  useProviders,
  visited,
} from './support/provider-visit.js';
import { useFakeService } from './support/use-fake-service.js';

vi.mock('../src/client/redirect/leave-page.js', () => ({
  leavePage: (url: string) => left.push(new URL(url)),
}));

const fake = useFakeService();
useProviders(fake);
const createdAt = '2026-11-01T12:00:00.000Z';
const credential = { id: 'a0', providerId: 'credential', createdAt };
const github = { id: 'a1', providerId: 'github', createdAt };

async function openAccount(): Promise<HTMLElement> {
  const [SignIn, Account] = [await load('AuthSignInPage'), await load('AuthAccountPage')];
  const page = render(<SignIn />);
  await signIn();
  page.rerender(<Account />);
  const heading = await screen.findByRole('heading', { name: 'Other ways to sign in' });
  return heading.parentElement as HTMLElement;
}

/** Clicks "Link Dev ID". @returns the address for which the page is left */
async function link(): Promise<URL> {
  press(
    (await screen.findByRole('button', { name: 'Link Dev ID' })).getAttribute('aria-label') ?? '',
  );
  await waitFor(() => expect(left).toHaveLength(1));
  return left[0] as URL;
}

test('linked providers are listed with a button to unlink them, the others with one to link them', async () => {
  fake.service.accounts = [credential, github];
  const section = await openAccount();
  const items = within(section).getAllByRole('listitem');
  await waitFor(() => expect(within(section).getAllByRole('button')).toHaveLength(2));
  expect(items.map((item) => item.textContent)).toEqual([
    expect.stringContaining('Dev ID') as string,
    expect.stringContaining('GitHub') as string,
  ]);
  expect(section.textContent).toContain('Not linked');
  expect(section.textContent).toMatch(/Linked since .*2026/);
  expect(section.textContent).not.toContain('credential');
});

test('without providers there is no such section', async () => {
  fake.service.features = {};
  const [SignIn, Account] = [await load('AuthSignInPage'), await load('AuthAccountPage')];
  const page = render(<SignIn />);
  await signIn();
  page.rerender(<Account />);
  await screen.findByRole('heading', { name: 'Where you are signed in' });
  expect(screen.queryByText('Other ways to sign in')).toBeNull();
  expect(fake.service.requests).not.toContain('/list-accounts');
});

test('a provider that the service no longer offers can still be unlinked', async () => {
  fake.service.accounts = [credential, { ...github, providerId: 'old-school' }];
  await openAccount();
  press(
    (await screen.findByRole('button', { name: 'Unlink old-school' })).ariaLabel ?? /old-school/,
  );
  expect(await screen.findByText(/old-school was unlinked/)).toBeTruthy();
});

test('unlinking names the account, and the focus stays in the list', async () => {
  fake.service.accounts = [credential, github];
  await openAccount();
  await screen.findByRole('button', { name: 'Unlink GitHub' });
  press('Unlink GitHub');
  expect(await screen.findByText(/GitHub was unlinked/)).toBeTruthy();
  expect(fake.service.bodies.get('/unlink-account')).toEqual({
    providerId: 'github',
    accountId: 'a1',
  });
  expect(await screen.findByRole('button', { name: 'Link GitHub' })).toBeTruthy();
  expect(document.activeElement?.className).toBe('auth-sessions');
});

test.each([
  ['FAILED_TO_UNLINK_LAST_ACCOUNT', 400, /This is your only way to sign in/, undefined],
  ['SESSION_NOT_FRESH', 403, /You signed in too long ago/, 'Sign in again'],
])('%s is explained, and the provider stays', async (code, status, sentence, button) => {
  fake.service.accounts = [github];
  fake.service.refuse.set('/unlink-account', { status, body: { code } });
  await openAccount();
  await screen.findByRole('button', { name: 'Unlink GitHub' });
  press('Unlink GitHub');
  expect(await screen.findByText(sentence)).toBeTruthy();
  if (button) expect(screen.getByRole('button', { name: button })).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Unlink GitHub' })).toBeTruthy();
});

test('linking leaves with a ticket of this session, and comes back to the account page with a message', async () => {
  fake.service.accounts = [credential];
  await openAccount();
  const url = await link();
  const challenge = url.searchParams.get('code_challenge');
  expect(fake.service.bodies.get('/redirect/ticket')).toEqual({ code_challenge: challenge });
  expect(url.searchParams.get('ticket')).toBe('the-ticket');
  const code = issueCode(fake.service, url, { linked: true });
  const lastUsedKey = 'auth-service.last-provider https://auth.example.com';
  localStorage.setItem(lastUsedKey, 'github'); // linking is no sign-in
  await returnWith(`auth_code=${code}`);
  await waitFor(async () => expect(await visited()).toEqual(['/account']));
  fake.service.accounts = [credential, { ...github, providerId: 'dev' }];
  const Account = await load('AuthAccountPage');
  render(<Account />, { reactStrictMode: true });
  expect(await screen.findByText('Dev ID is linked: you can sign in with it now.')).toBeTruthy();
  expect(await screen.findByRole('button', { name: 'Unlink Dev ID' })).toBeTruthy();
  expect(localStorage.getItem(lastUsedKey)).toBe('github');
});

test.each([
  ['account_linked_elsewhere', /already linked to another account/, 'Your account', '/account'],
  ['session_differs', /Another user is signed in now/, 'Your account', '/account'],
  ['session_missing', /so Dev ID was not linked/, 'Sign in', '/sign-in'],
  ['access_denied', /was cancelled/, 'Your account', '/account'],
])('%s while linking leads on from there', async (reason, sentence, label, href) => {
  await openAccount();
  await link();
  await returnWith(`auth_error=${reason}`);
  expect(await screen.findByText(sentence)).toBeTruthy();
  expect(screen.getByRole('heading', { name: 'Link an account' })).toBeTruthy();
  expect(screen.getByRole('link', { name: label }).getAttribute('href')).toBe(href);
  expect(screen.queryByText(/You are signed in as/)).toBeNull(); // it is not what was asked for
});

test('a session that is too old for linking says so, and the page is not left', async () => {
  fake.service.refuse.set('/redirect/ticket', {
    ...refusalOf('unused', 403),
    body: { code: 'SESSION_NOT_FRESH' },
  });
  await openAccount();
  await screen.findByRole('button', { name: 'Link Dev ID' });
  press('Link Dev ID');
  expect(await screen.findByRole('button', { name: 'Sign in again' })).toBeTruthy();
  expect(left).toEqual([]);
  expect(sessionStorage.getItem('auth-service.flow https://auth.example.com')).toBeNull();
});

test('a sign-in that leaving the page would end is not risked', async () => {
  fake.service = createFakeService({ storesCookie: false, issuesToken: true });
  fake.service.features = offered;
  await openAccount();
  await screen.findByRole('button', { name: 'Link Dev ID' });
  press('Link Dev ID');
  expect(await screen.findByText(/leaving the page would sign you out/)).toBeTruthy();
  expect(left).toEqual([]);
});
