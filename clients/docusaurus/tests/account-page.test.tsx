/** The account page: what happens to name, sessions and account, what is said of it, and where the focus goes. */
// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createFakeService, password, user, type FakeService } from './support/fake-service.js';
import { descriptionOf, load, press, router, signIn, type } from './support/page-driver.js';

let service: FakeService;
beforeEach(() => {
  vi.resetModules();
  service = createFakeService();
  vi.stubGlobal('fetch', (...call: Parameters<typeof fetch>) => service.fetch(...call));
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

async function openAccount(): Promise<void> {
  const [SignIn, Account] = [await load('AuthSignInPage'), await load('AuthAccountPage')];
  const page = render(<SignIn />);
  await signIn();
  page.rerender(<Account />);
  await screen.findByText(user.email);
}

function statuses(): string {
  return screen
    .getAllByRole('status')
    .map(({ textContent }) => textContent)
    .join(' ');
}

test('a session that is ended is announced, and the focus goes to the next one', async () => {
  service.signInElsewhere();
  service.signInElsewhere('Edg/156.0');
  await openAccount();
  await screen.findByRole('button', { name: /^Sign out Edge/ });
  expect(screen.getAllByText('Last used')).toHaveLength(1);
  expect(screen.getAllByText('This browser')).toHaveLength(1);
  const [first, second] = screen.getAllByRole('button', { name: /^Sign out (Chrome|Edge)/ });
  const [ended, left] = [first, second].map((button) => button?.getAttribute('aria-label') ?? '');
  press(ended ?? '');
  await waitFor(() => expect(screen.queryByRole('button', { name: ended ?? '' })).toBeNull());
  expect(statuses()).toMatch(/(Chrome|Edge) was signed out\./);
  await waitFor(() => expect(document.activeElement?.getAttribute('aria-label')).toBe(left));
  press(left ?? '');
  await waitFor(() => expect(document.activeElement?.tagName).toBe('UL'));
});

test('a session that could not be ended is told as that, also where the service names a time', async () => {
  service.signInElsewhere();
  const refusal = { status: 503, body: { code: 'SERVICE_BUSY' }, headers: { 'retry-after': '9' } };
  service.refuse.set('/revoke-session', refusal);
  await openAccount();
  await screen.findByRole('button', { name: /^Sign out Chrome/ });
  press(/^Sign out Chrome/);
  await screen.findByText(/cannot answer right now. Try again in 9 seconds/);
  expect(statuses()).not.toMatch(/was signed out|try again now/);
  expect(screen.getByRole('button', { name: /^Sign out Chrome/ })).toBeTruthy();
});

test('signing out everywhere asks first; Escape and Cancel end nothing, and give the focus back', async () => {
  await openAccount();
  for (const leave of [
    () => press('Cancel'),
    () => fireEvent.keyDown(screen.getByRole('dialog'), { key: 'Escape' }),
  ]) {
    const opener = press('Sign out everywhere');
    const dialog = screen.getByRole('dialog', { name: 'Sign out on every device?' });
    expect(within(dialog).getByText(/including this browser/)).toBeTruthy();
    expect(document.activeElement?.textContent).toBe('Cancel');
    leave();
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(document.activeElement).toBe(opener);
  }
  expect(service.asked).not.toContain('/revoke-sessions');
  press('Sign out everywhere');
  press('Yes, sign out everywhere');
  await screen.findByText('You are signed out on every device.');
  expect(service.asked).toContain('/revoke-sessions');
});

test('after signing out the page says so, and the focus is on the way back in', async () => {
  await openAccount();
  press('Sign out');
  const farewell = await screen.findByText('You are signed out.');
  expect(farewell.closest('[role=status]')).not.toBeNull();
  await waitFor(() => expect(document.activeElement?.textContent).toMatch(/Sign in$/));
});

test('the name changes wherever it stands', async () => {
  await openAccount();
  type('Name', '  Countess of Lovelace ');
  press('Change name');
  expect(await screen.findByText('Countess of Lovelace')).toBeTruthy();
  await waitFor(() => expect(statuses()).toContain('Your name was changed.'));
});

test.each([
  ['', 'Enter your name.'],
  ['a'.repeat(201), 'The name can have at most 200 characters.'],
])(
  'a name that cannot be one is told beside the field, and nothing is asked',
  async (name, sentence) => {
    await openAccount();
    type('Name', name);
    press('Change name');
    const field = screen.getByLabelText('Name');
    expect(descriptionOf(field)).toBe(sentence);
    expect(document.activeElement).toBe(field);
    expect(service.asked).not.toContain('/update-user');
  },
);

test('the account is deleted with the right password alone, and the page says that it is gone', async () => {
  await openAccount();
  press('Delete account');
  const dialog = screen.getByRole('dialog', { name: 'Delete your account?' });
  const field = within(dialog).getByLabelText('Password');
  expect(document.activeElement).toBe(field);

  press('Delete permanently');
  expect(descriptionOf(field)).toBe('Enter your password.');
  expect(service.asked).not.toContain('/delete-user');

  fireEvent.input(field, { target: { value: 'wrong' } });
  press('Delete permanently');
  await waitFor(() => expect(descriptionOf(field)).toBe('The current password is wrong.'));
  expect(document.activeElement).toBe(field);

  fireEvent.input(field, { target: { value: password } });
  press('Delete permanently');
  expect(await screen.findByText('Your account was deleted.')).toBeTruthy();
  expect(screen.queryByRole('dialog')).toBeNull();
});

test('where the service mails a link first, nobody reads that the account is gone', async () => {
  await openAccount();
  const body = { success: true, message: 'Verification email sent' };
  service.refuse.set('/delete-user', { status: 200, body });
  press('Delete account');
  const field = within(screen.getByRole('dialog')).getByLabelText('Password');
  fireEvent.input(field, { target: { value: password } });
  press('Delete permanently');
  expect(await screen.findByText(/Nothing is deleted yet/)).toBeTruthy();
  expect(screen.queryByText('Your account was deleted.')).toBeNull();
});

test.each(['SESSION_NOT_FRESH', 'SESSION_EXPIRED'])(
  'where a sign-in is too old (%s), one button leads through the sign-in and back',
  async (code) => {
    await openAccount();
    service.refuse.set('/change-password', { status: 403, body: { code } });
    type('Current password', password);
    type('New password', 'quiet harbour seventeen');
    press('Change password');
    const { place, visited } = await router();
    place.pathname = '/account';
    fireEvent.click(await screen.findByRole('button', { name: 'Sign in again' }));
    await waitFor(() => expect(visited.at(-1)).toBe('/sign-in?from=%2Faccount'));
  },
);

test.each([
  [{ code: 'INVALID_PASSWORD' }, 'Current password'],
  [{ code: 'PASSWORD_TOO_COMMON' }, 'New password'],
  [
    {
      code: 'BODY_INVALID',
      field: 'newPassword',
      message: 'newPassword has at most 128 characters.',
    },
    'New password',
  ],
])('%o of the password form is told beside the field', async (body, label) => {
  await openAccount();
  service.refuse.set('/change-password', { status: 400, body });
  type('Current password', 'something');
  type('New password', 'quiet harbour seventeen');
  press('Change password');
  const field = screen.getByLabelText(label);
  await waitFor(() => expect(field.getAttribute('aria-invalid')).toBe('true'));
  expect(descriptionOf(field)).not.toBe('');
  await waitFor(() => expect(document.activeElement).toBe(field));
});

test('a list that the service cannot give is asked for again after the time that it named', async () => {
  const [SignIn, Account] = [await load('AuthSignInPage'), await load('AuthAccountPage')];
  const page = render(<SignIn />);
  await signIn();
  service.refuse.set('/list-sessions', {
    status: 503,
    body: { code: 'DATABASE_UNAVAILABLE' },
    headers: { 'retry-after': '1' },
  });
  page.rerender(<Account />);
  await screen.findAllByText(/cannot answer right now/);
  service.refuse.clear();
  service.signInElsewhere();
  expect(
    await screen.findByRole('button', { name: /^Sign out Chrome/ }, { timeout: 5000 }),
  ).toBeTruthy();
  await act(async () => Promise.resolve());
});
