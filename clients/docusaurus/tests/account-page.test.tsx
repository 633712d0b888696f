/** The account page: name, sessions and deletion, with their messages and the focus. */
// @vitest-environment jsdom
import { act, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { password, user } from './support/fake-service.js';
import { descriptionOf, load, press, router, signIn, type } from './support/page-driver.js';
import { useFakeService } from './support/use-fake-service.js';

const fake = useFakeService();

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

test('ending a session is announced, and the focus moves to the next one', async () => {
  fake.service.signInElsewhere();
  fake.service.signInElsewhere('Edg/156.0');
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

test('a session that could not be ended shows the error, also with Retry-After', async () => {
  fake.service.signInElsewhere();
  const refusal = { status: 503, body: { code: 'SERVICE_BUSY' }, headers: { 'retry-after': '9' } };
  fake.service.refuse.set('/revoke-session', refusal);
  await openAccount();
  await screen.findByRole('button', { name: /^Sign out Chrome/ });
  press(/^Sign out Chrome/);
  await screen.findByText(/cannot answer right now. Try again in 9 seconds/);
  expect(statuses()).not.toMatch(/was signed out|try again now/);
  expect(screen.getByRole('button', { name: /^Sign out Chrome/ })).toBeTruthy();
});

test('nothing that can be pressed follows the list of sessions, which grows when it arrives', async () => {
  await openAccount();
  const list = screen.getByText('This browser').closest('ul');
  const after = Array.from(document.querySelectorAll('button, input, a')).filter(
    (element) =>
      list !== null &&
      !list.contains(element) &&
      (list.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0,
  );
  expect(list).not.toBeNull();
  expect(after).toEqual([]);
});

test('signing out everywhere needs a confirmation; Escape and Cancel end nothing and restore the focus', async () => {
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
  expect(fake.service.requests).not.toContain('/revoke-sessions');
  press('Sign out everywhere');
  press('Yes, sign out everywhere');
  await screen.findByText('You are signed out on every device.');
  expect(fake.service.requests).toContain('/revoke-sessions');
});

test('after signing out the page says so, and the focus is on the sign-in link', async () => {
  await openAccount();
  press('Sign out');
  const message = await screen.findByText('You are signed out.');
  expect(message.closest('[role=status]')).not.toBeNull();
  await waitFor(() => expect(document.activeElement?.textContent).toMatch(/Sign in$/));
});

test('a new name is shown everywhere', async () => {
  await openAccount();
  type('Name', '  Countess of Lovelace ');
  press('Change name');
  expect(await screen.findByText('Countess of Lovelace')).toBeTruthy();
  await waitFor(() => expect(statuses()).toContain('Your name was changed.'));
});

test.each([
  ['', 'Enter your name.'],
  ['a'.repeat(201), 'The name can have at most 200 characters.'],
])('an invalid name shows an error at the field, and sends no request', async (name, message) => {
  await openAccount();
  type('Name', name);
  press('Change name');
  const field = screen.getByLabelText('Name');
  expect(descriptionOf(field)).toBe(message);
  expect(document.activeElement).toBe(field);
  expect(fake.service.requests).not.toContain('/update-user');
});

test('the account is deleted only with the right password, and the page says so', async () => {
  await openAccount();
  press('Delete account');
  const dialog = screen.getByRole('dialog', { name: 'Delete your account?' });
  const field = within(dialog).getByLabelText('Password');
  expect(document.activeElement).toBe(field);

  press('Delete permanently');
  expect(descriptionOf(field)).toBe('Enter your password.');
  expect(fake.service.requests).not.toContain('/delete-user');

  fireEvent.input(field, { target: { value: 'wrong' } });
  press('Delete permanently');
  await waitFor(() => expect(descriptionOf(field)).toBe('The current password is wrong.'));
  expect(document.activeElement).toBe(field);

  fireEvent.input(field, { target: { value: password } });
  press('Delete permanently');
  expect(await screen.findByText('Your account was deleted.')).toBeTruthy();
  expect(screen.queryByRole('dialog')).toBeNull();
});

test('a change of the address is requested with the password, and does not seem done yet', async () => {
  fake.service.features = { changeEmail: true };
  await openAccount();
  const heading = await screen.findByRole('heading', { name: 'Change your e-mail address' });
  const section = within(heading.parentElement as HTMLElement);
  const [address, field] = [
    section.getByLabelText('New e-mail address'),
    section.getByLabelText('Password'),
  ];
  const submit = () => fireEvent.click(section.getByRole('button', { name: 'Change the address' }));
  const hint = 'Leave it empty if your account has none, within ten minutes of signing in.';
  fireEvent.input(address, { target: { value: 'new@example.com' } });
  submit();
  await waitFor(() => expect(descriptionOf(field)).toBe(`${hint} Enter your password.`));
  fireEvent.input(field, { target: { value: 'wrong' } });
  submit();
  await waitFor(() => expect(descriptionOf(field)).toBe(`${hint} The current password is wrong.`));
  fireEvent.input(field, { target: { value: password } });
  submit();
  expect(await section.findByText(/on its way to new@example.com/)).toBeTruthy();
  expect(fake.service.bodies.get('/change-email')).toEqual({
    newEmail: 'new@example.com',
    password,
  });
});

test('an account without a password changes its address without one', async () => {
  fake.service.features = { changeEmail: true };
  fake.service.hasPassword = false;
  await openAccount();
  const heading = await screen.findByRole('heading', { name: 'Change your e-mail address' });
  const section = within(heading.parentElement as HTMLElement);
  const address = section.getByLabelText('New e-mail address');
  fireEvent.input(address, { target: { value: 'new@example.com' } });
  fireEvent.click(section.getByRole('button', { name: 'Change the address' }));
  expect(await section.findByText(/on its way to new@example.com/)).toBeTruthy();
  expect(fake.service.bodies.get('/change-email')).toEqual({ newEmail: 'new@example.com' });
});

test('without the feature there is no form for another address', async () => {
  await openAccount();
  expect(screen.queryByText('Change your e-mail address')).toBeNull();
});

test('with days of grace the page says that the account will be deleted, not that it was', async () => {
  fake.service.features = { deleteAccount: { graceDays: 7, byMail: false } };
  const body = { success: true, message: 'Deletion scheduled' };
  fake.service.refuse.set('/delete-user', { status: 200, body });
  await openAccount();
  expect(await screen.findByText(/everything is deleted after 7 days/)).toBeTruthy();
  press('Delete account');
  const field = within(screen.getByRole('dialog')).getByLabelText('Password');
  fireEvent.input(field, { target: { value: password } });
  press('Delete the account');
  expect(await screen.findByText(/will be deleted after 7 days. Sign in before/)).toBeTruthy();
  expect(screen.queryByText('Your account was deleted.')).toBeNull();
});

test('if the service mails a link first, the page does not claim that the account was deleted', async () => {
  await openAccount();
  const body = { success: true, message: 'Verification email sent' };
  fake.service.refuse.set('/delete-user', { status: 200, body });
  press('Delete account');
  const field = within(screen.getByRole('dialog')).getByLabelText('Password');
  fireEvent.input(field, { target: { value: password } });
  press('Delete permanently');
  expect(await screen.findByText(/Nothing is deleted yet/)).toBeTruthy();
  expect(screen.queryByText('Your account was deleted.')).toBeNull();
});

test.each(['SESSION_NOT_FRESH', 'SESSION_EXPIRED'])(
  'if the sign-in is too old (%s), a button leads through the sign-in and back',
  async (code) => {
    await openAccount();
    fake.service.refuse.set('/change-password', { status: 403, body: { code } });
    type('Current password', password);
    type('New password', 'quiet harbour seventeen');
    press('Change password');
    const { currentLocation, visited } = await router();
    currentLocation.pathname = '/account';
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
])('%o of the password form is shown at its field', async (body, label) => {
  await openAccount();
  fake.service.refuse.set('/change-password', { status: 400, body });
  type('Current password', 'something');
  type('New password', 'quiet harbour seventeen');
  press('Change password');
  const field = screen.getByLabelText(label);
  await waitFor(() => expect(field.getAttribute('aria-invalid')).toBe('true'));
  expect(descriptionOf(field)).not.toBe('');
  await waitFor(() => expect(document.activeElement).toBe(field));
});

test('a list that fails is reloaded after the time in Retry-After', async () => {
  const [SignIn, Account] = [await load('AuthSignInPage'), await load('AuthAccountPage')];
  const page = render(<SignIn />);
  await signIn();
  fake.service.refuse.set('/list-sessions', {
    status: 503,
    body: { code: 'DATABASE_UNAVAILABLE' },
    headers: { 'retry-after': '1' },
  });
  page.rerender(<Account />);
  await screen.findAllByText(/cannot answer right now/);
  fake.service.refuse.clear();
  fake.service.signInElsewhere();
  expect(
    await screen.findByRole('button', { name: /^Sign out Chrome/ }, { timeout: 5000 }),
  ).toBeTruthy();
  await act(async () => Promise.resolve());
});
