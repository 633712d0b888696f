/** The forms before, during and after their submission. */
// @vitest-environment jsdom
import { act, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { user } from './support/fake-service.js';
import { descriptionOf, load, press, signIn, type } from './support/page-driver.js';
import { useFakeService } from './support/use-fake-service.js';

const fake = useFakeService();
afterEach(() => void vi.useRealTimers());

function field(label: string): HTMLInputElement {
  return screen.getByLabelText(label);
}

async function signUp(fields: Record<string, string>): Promise<void> {
  const SignUp = await load('AuthSignUpPage');
  render(<SignUp />);
  for (const [label, value] of Object.entries(fields)) type(label, value);
  press('Sign up');
}

test('the minimum length of a password is shown before one is typed', async () => {
  const SignUp = await load('AuthSignUpPage');
  render(<SignUp />);
  expect(descriptionOf(field('Password'))).toContain('At least 8 characters');
  expect(field('Password').getAttribute('aria-invalid')).toBe('false');
});

test.each([
  [{}, { Name: 'Enter your name.', 'E-mail address': 'Enter your e-mail', Password: 'Choose' }],
  [
    { Name: 'Ada', 'E-mail address': 'ada', Password: 'short' },
    { 'E-mail address': 'like name@example.com', Password: 'at least 8 characters' },
  ],
])('%o shows an error at each invalid field, and focuses the first', async (given, errors) => {
  await signUp(given);
  for (const [label, message] of Object.entries(errors)) {
    expect(field(label).getAttribute('aria-invalid')).toBe('true');
    expect(descriptionOf(field(label))).toContain(message);
  }
  expect(document.activeElement).toBe(field(Object.keys(errors)[0] ?? ''));
  expect(fake.service.requests).not.toContain('/sign-up/email');
  fireEvent.input(document.activeElement ?? document.body, { target: { value: 'x' } });
  expect(document.activeElement?.getAttribute('aria-invalid')).toBe('false');
});

const account = { Name: 'Ada', 'E-mail address': user.email, Password: 'quiet harbour' };
test.each([
  [422, { code: 'USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL' }, 'E-mail address', 'already an account'],
  [400, { code: 'INVALID_EMAIL' }, 'E-mail address', 'not an e-mail address'],
  [400, { code: 'PASSWORD_TOO_COMMON' }, 'Password', 'too common'],
  [400, { code: 'PASSWORD_TOO_COMMON', reason: 'context_word' }, 'Password', 'your name'],
  [400, { code: 'PASSWORD_TOO_LONG' }, 'Password', 'too long'],
  [
    400,
    { code: 'NEW', field: 'name', message: 'name: no control characters.' },
    'Name',
    'name: no',
  ],
  [
    400,
    { code: 'NEW', field: 'email', message: 'at most 254 characters' },
    'E-mail address',
    '254',
  ],
])('%i %o is shown at its field', async (status, body, label, message) => {
  fake.service.refuse.set('/sign-up/email', { status, body });
  await signUp(account);
  await waitFor(() => expect(descriptionOf(field(label))).toContain(message));
  expect(field(label).getAttribute('aria-invalid')).toBe('true');
  expect(document.activeElement).toBe(field(label));
  expect(screen.getByRole('alert').textContent).toBe('');
});

test('an error of a field that the form lacks is shown above the button', async () => {
  const message = 'image is an address of at most 2,048 characters.';
  fake.service.refuse.set('/sign-up/email', {
    status: 400,
    body: { code: 'NEW', field: 'image', message },
  });
  await signUp(account);
  await waitFor(() => expect(screen.getByRole('alert').textContent).toBe(message));
});

test.each([
  [429, 'TOO_MANY_REQUESTS', 'Too many attempts.'],
  [429, 'TOO_MANY_REQUESTS', 'Too many wrong passwords for this account.', 'limit_account'],
  [429, 'TOO_MANY_REQUESTS', 'Too many attempts from your network.', 'limit_network'],
  [503, 'SIGN_IN_BUSY', 'Many people are signing in right now.'],
  [503, 'DATABASE_UNAVAILABLE', 'The sign-in service cannot answer right now.'],
])(
  '%i %s counts down, and the button keeps the focus',
  async (status, code, message, reason?: string) => {
    const headers = { 'retry-after': '9' };
    fake.service.refuse.set('/sign-in/email', { status, body: { code, reason }, headers });
    const SignIn = await load('AuthSignInPage');
    render(<SignIn />);
    await signIn();
    vi.useFakeTimers();
    const button = screen.getByRole('button', { name: 'Sign in' });
    // Announced once, not every second: the changing text is hidden from screen readers.
    const announced = () => screen.getByRole('alert').querySelector('.auth-announced')?.textContent;
    const shown = () => screen.getByRole('alert').querySelector('[aria-hidden]')?.textContent;
    expect(announced()).toBe(`${message} Try again in 9 seconds.`);
    vi.useRealTimers();
    await waitFor(() => expect(shown()).toBe(`${message} Try again in 8 seconds.`), {
      timeout: 3000,
    });
    expect(announced()).toBe(`${message} Try again in 9 seconds.`);
    expect(button.getAttribute('aria-disabled')).toBe('true');
    expect(document.activeElement).toBe(button);
    const before = fake.service.requests.length;
    fireEvent.click(button);
    expect(fake.service.requests.length).toBe(before);
  },
);

test('after the time in Retry-After the form can be submitted again', async () => {
  fake.service.refuse.set('/sign-in/email', {
    status: 429,
    body: { code: 'TOO_MANY_REQUESTS' },
    headers: { 'retry-after': '1' },
  });
  const SignIn = await load('AuthSignInPage');
  render(<SignIn />);
  await signIn();
  fake.service.refuse.clear();
  await screen.findByText('You can try again now.', undefined, { timeout: 4000 });
  expect(screen.getByRole('button', { name: 'Sign in' }).getAttribute('aria-disabled')).toBe(
    'false',
  );
  press('Sign in');
  expect(await screen.findByText(/You are signed in as/)).toBeTruthy();
});

test('a double click submits the form once', async () => {
  const SignIn = await load('AuthSignInPage');
  render(<SignIn />);
  type('E-mail address', user.email);
  type('Password', 'wrong');
  const button = screen.getByRole('button', { name: 'Sign in' });
  act(() => {
    button.click();
    button.click();
  });
  await screen.findByText('The e-mail address or the password is wrong.');
  expect(fake.service.requests.filter((path) => path === '/sign-in/email')).toHaveLength(1);
});

test('showing and hiding a password keeps the focus and the caret', async () => {
  const SignIn = await load('AuthSignInPage');
  render(<SignIn />);
  type('Password', 'quiet harbour');
  const input = field('Password');
  input.focus();
  input.setSelectionRange(2, 5);
  const toggle = screen.getByRole('button', { name: 'Show password' });
  expect(toggle.getAttribute('aria-pressed')).toBe('false');
  expect(fireEvent.pointerDown(toggle)).toBe(false); // the default would move the focus
  fireEvent.click(toggle);
  expect([input.type, toggle.getAttribute('aria-pressed')]).toEqual(['text', 'true']);
  expect(document.activeElement).toBe(input);
  expect([input.selectionStart, input.selectionEnd]).toEqual([2, 5]);
  fireEvent.click(toggle);
  expect(input.type).toBe('password');
});

test('a shown password is hidden on submit, or browsers would store it in their autofill history', async () => {
  const SignIn = await load('AuthSignInPage');
  render(<SignIn />);
  press('Show password');
  await signIn('wrong');
  expect(field('Password').type).toBe('password');
});

test('a page restored from the back/forward cache has no password', async () => {
  const SignIn = await load('AuthSignInPage');
  render(<SignIn />);
  type('Password', 'quiet harbour');
  const back = Object.assign(new Event('pageshow'), { persisted: true });
  act(() => void window.dispatchEvent(back));
  expect(field('Password').value).toBe('');
});

test('values that autofill set without an event are submitted', async () => {
  const SignIn = await load('AuthSignInPage');
  render(<SignIn />);
  field('E-mail address').value = user.email;
  field('Password').value = 'correct horse battery';
  press('Sign in');
  expect(await screen.findByText(/You are signed in as/)).toBeTruthy();
});

test('the inputs turn off auto-correction, and have the right on-screen keyboard', async () => {
  const SignIn = await load('AuthSignInPage');
  render(<SignIn />);
  for (const label of ['E-mail address', 'Password']) {
    expect(field(label).getAttribute('autocapitalize')).toBe('none');
    expect(field(label).getAttribute('spellcheck')).toBe('false');
  }
  expect(field('E-mail address').inputMode).toBe('email');
  expect(document.activeElement).toBe(document.body); // no autofocus
});
