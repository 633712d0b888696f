/** The pages that ask for a mail and finish mailed links. */
// @vitest-environment jsdom
import {
  act,
  fireEvent,
  render,
  renderHook,
  screen,
  waitFor,
  within,
} from '@testing-library/react';
import { renderToString } from 'react-dom/server';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createFakeService, password, user } from './support/fake-service.js';
import { descriptionOf, load, press, signIn, type } from './support/page-driver.js';
import { useFakeService } from './support/use-fake-service.js';

const fake = useFakeService();
const token = 'T'.repeat(43);
const mail = { passwordReset: true, emailVerification: 'required' };

const addListener = vi.spyOn(window, 'addEventListener');
beforeEach(() => void (fake.service.features = mail));
afterEach(() => {
  // Otherwise the client of this test would take the links of the next one.
  for (const [type, listener] of addListener.mock.calls) window.removeEventListener(type, listener);
  addListener.mockClear();
  history.replaceState(null, '', '/');
  localStorage.clear();
});

/** Opens the confirmation page with a fragment, as a click on a mailed link does. */
async function openLink(fragment: string) {
  setAddress(fragment);
  const Confirm = await load('AuthConfirmPage');
  render(<Confirm />, { reactStrictMode: true });
}

/** Before the client is loaded, as when a page is opened. */
function setAddress(fragment: string): void {
  history.replaceState(null, '', `/auth/confirm#${fragment}`);
}

const sent = (path: string) => fake.service.requests.filter((one) => one === path).length;

test('the sign-in page links to "forgot password" where the service offers it', async () => {
  const SignIn = await load('AuthSignInPage');
  render(<SignIn />);
  const link = await screen.findByRole('link', { name: 'Forgot your password?' });
  expect(link.getAttribute('href')).toBe('/forgot-password');
});

test('with an older service there is no such link, and sign-up sends no challenge', async () => {
  delete fake.service.features;
  const [SignIn, SignUp] = [await load('AuthSignInPage'), await load('AuthSignUpPage')];
  const page = render(<SignIn />);
  await waitFor(() => expect(sent('/features')).toBe(1));
  expect(screen.queryByText('Forgot your password?')).toBeNull();
  page.rerender(<SignUp />);
  await signUp();
  expect(await screen.findByText(/Your account was created. Confirm/)).toBeTruthy();
  expect(fake.service.bodies.get('/sign-up/email')).not.toHaveProperty('codeChallenge');
});

test('"forgot password" says the same for every address, and takes the focus to it', async () => {
  const Forgot = await load('AuthForgotPasswordPage');
  render(<Forgot />);
  type('E-mail address', ' ada@example.com ');
  press('Send me a link');
  expect(await screen.findByText(/If there is an account with ada@example.com/)).toBeTruthy();
  expect(fake.service.bodies.get('/request-password-reset')).toEqual({ email: user.email });
  expect(document.activeElement?.textContent).toContain('Check your mail');
});

test('"forgot password" says so where the service cannot send mails', async () => {
  fake.service.features = {};
  const Forgot = await load('AuthForgotPasswordPage');
  render(<Forgot />);
  expect(await screen.findByText(/This sign-in service sends no mails/)).toBeTruthy();
  expect(screen.queryByLabelText('E-mail address')).toBeNull();
});

test('an outage while a mail is requested is shown, not reported as sent', async () => {
  const Forgot = await load('AuthForgotPasswordPage');
  render(<Forgot />);
  await waitFor(() => expect(sent('/features')).toBe(1));
  fake.service.mode = 'database-down';
  type('E-mail address', user.email);
  press('Send me a link');
  expect(await screen.findAllByText(/cannot answer right now/)).not.toEqual([]);
  expect(screen.queryByText('Check your mail')).toBeNull();
});

async function signUp() {
  type('Name', user.name);
  type('E-mail address', user.email);
  type('Password', password);
  press('Sign up');
  await waitFor(() => expect(screen.queryByText('Creating your account…')).toBeNull());
}

test('a sign-up that must be confirmed leads to "check your mail", from where the mail is sent again', async () => {
  const SignUp = await load('AuthSignUpPage');
  render(<SignUp />);
  await signUp();
  expect(await screen.findByText(/A mail is on its way to ada@example.com/)).toBeTruthy();
  expect(fake.service.bodies.get('/sign-up/email')?.codeChallenge).toMatch(/^[\w-]{43}$/);
  press('Send a new link');
  expect(await screen.findByText(/a mail with a new link is on its way/)).toBeTruthy();
  expect(fake.service.bodies.get('/send-verification-email')).toEqual({ email: user.email });
});

test('a sign-in with an unconfirmed address offers to send the mail again', async () => {
  fake.service.refuse.set('/sign-in/email', { status: 403, body: { code: 'EMAIL_NOT_VERIFIED' } });
  const SignIn = await load('AuthSignInPage');
  render(<SignIn />);
  await signIn();
  expect(screen.getByText(/not confirmed yet/)).toBeTruthy();
  press('Send a new link');
  await waitFor(() =>
    expect(fake.service.bodies.get('/send-verification-email')).toEqual({ email: user.email }),
  );
});

test.each([
  [false, 1],
  [true, 0],
])(
  'on the account page of an address with emailVerified %s, %i button sends the mail again',
  async (emailVerified, count) => {
    fake.service.user = { ...user, emailVerified };
    const [SignIn, Account] = [await load('AuthSignInPage'), await load('AuthAccountPage')];
    const page = render(<SignIn />);
    await signIn();
    page.rerender(<Account />);
    await screen.findByText(user.email);
    await waitFor(() => expect(sent('/features')).toBe(1));
    const buttons = () => screen.queryAllByRole('button', { name: 'Send a new link' });
    await waitFor(() => expect(buttons()).toHaveLength(count));
  },
);

test('a link of this browser’s sign-up is redeemed once, with the verifier, although effects run twice', async () => {
  setAddress(`verify_email=${token}`);
  const [SignUp, Confirm] = [await load('AuthSignUpPage'), await load('AuthConfirmPage')];
  const page = render(<SignUp />);
  await signUp();
  page.unmount();
  fake.service.links.set(token, 'valid');
  render(<Confirm />, { reactStrictMode: true });
  expect(await screen.findByText('Your e-mail address is confirmed.')).toBeTruthy();
  expect(screen.getByText(/You are signed in as Ada Lovelace/)).toBeTruthy();
  expect(sent('/verify-email')).toBe(1);
  expect(fake.service.bodies.get('/verify-email')?.codeVerifier).toMatch(/^[\w-]{43}$/);
});

test('the token has left the address before the page renders, and the page sends no Referer', async () => {
  fake.service.links.set(token, 'valid');
  await openLink(`reset_password=${token}`);
  expect(location.href).not.toContain(token);
  expect(document.querySelector('meta[name="referrer"]')?.getAttribute('content')).toBe(
    'no-referrer',
  );
  expect(fake.service.requests).not.toContain('/reset-password'); // only on a click
});

test('another browser is asked for the password of the sign-up', async () => {
  fake.service.links.set(token, { status: 403, body: { code: 'LINK_WRONG_BROWSER' } });
  await openLink(`verify_email=${token}`);
  expect(await screen.findByText(/You signed up in another browser/)).toBeTruthy();
  expect(await screen.findByRole('link', { name: 'Forgot your password?' })).toBeTruthy();
  type('Password', 'wrong');
  press('Confirm the address');
  const field = () => screen.getByLabelText('Password');
  await waitFor(() => expect(descriptionOf(field())).toContain('The password is wrong.'));
  expect(document.activeElement).toBe(field());
  type('Password', password);
  press('Confirm the address');
  expect(await screen.findByText('Your e-mail address is confirmed.')).toBeTruthy();
});

test('a new password is saved and signs in', async () => {
  fake.service.links.set(token, 'valid');
  await openLink(`reset_password=${token}`);
  type('New password', 'short');
  press('Save the password');
  expect(descriptionOf(screen.getByLabelText('New password'))).toContain('at least 8 characters');
  type('New password', 'quiet harbour');
  press('Save the password');
  expect(await screen.findByText(/Your new password is saved/)).toBeTruthy();
  expect(screen.getByText(/You are signed in as Ada Lovelace/)).toBeTruthy();
  expect(fake.service.bodies.get('/reset-password')).toEqual({
    token,
    newPassword: 'quiet harbour',
  });
});

test('a password that was saved in a browser that refuses the cookie is not reported as refused', async () => {
  fake.service.storesCookie = false;
  fake.service.links.set(token, 'valid');
  await openLink(`reset_password=${token}`);
  type('New password', 'quiet harbour');
  press('Save the password');
  expect(await screen.findByText(/Your new password is saved/)).toBeTruthy();
  expect(screen.getByText(/cookie/)).toBeTruthy();
  expect(screen.getByRole('link', { name: 'Sign in' })).toBeTruthy();
});

test('in a browser that refuses the cookie a mailed link signs in with a bearer token, and a refused one keeps it', async () => {
  fake.service = createFakeService({ storesCookie: false, issuesToken: true });
  fake.service.features = mail;
  fake.service.links.set(token, 'valid');
  await openLink(`reset_password=${token}`);
  type('New password', 'quiet harbour');
  press('Save the password');
  expect(await screen.findByText(/You are signed in as Ada Lovelace/)).toBeTruthy();
  // The second link arrives in the same tab.
  setAddress(`verify_email=${'U'.repeat(43)}`);
  act(() => void window.dispatchEvent(new PopStateEvent('popstate')));
  expect(await screen.findByText(/This link is not valid/)).toBeTruthy();
  const { useSession } = await import('../src/client/index.js');
  const session = renderHook(() => useSession());
  expect(session.result.current.status).toBe('signedIn');
  const before = fake.service.requests.length;
  act(() => void window.dispatchEvent(new Event('online')));
  await waitFor(() => expect(fake.service.requests.length).toBeGreaterThan(before));
  expect(session.result.current.status).toBe('signedIn');
});

test.each([
  ['LINK_EXPIRED', 'has expired'],
  ['LINK_REPLACED', 'newer link has replaced'],
  ['LINK_UNKNOWN', 'is not valid'],
  ['LINK_USED', 'was already used. Sign in'],
])('%s of a reset is explained, with a way to ask for a new link', async (code, text) => {
  fake.service.refuse.set('/reset-password', { status: 400, body: { code } });
  await openLink(`reset_password=${token}`);
  type('New password', 'quiet harbour');
  press('Save the password');
  expect(await screen.findByText(new RegExp(text))).toBeTruthy();
  const link = screen.getByRole('link', { name: 'Ask for a new link' });
  expect(link.getAttribute('href')).toBe('/forgot-password');
  expect(screen.queryByLabelText('New password')).toBeNull();
});

test('the second click on a link, or another tab, says "already done" while signed in', async () => {
  setAddress(`verify_email=${token}`);
  const [SignIn, Confirm] = [await load('AuthSignInPage'), await load('AuthConfirmPage')];
  const page = render(<SignIn />);
  await signIn();
  page.unmount();
  fake.service.refuse.set('/verify-email', { status: 400, body: { code: 'LINK_USED' } });
  render(<Confirm />);
  expect(await screen.findByText(/there is nothing left to do/)).toBeTruthy();
  expect(screen.getByText(/You are signed in as Ada Lovelace/)).toBeTruthy();
});

test('a used link never reports a password as saved that was entered with it, not even while signed in', async () => {
  setAddress(`reset_password=${token}`);
  const [SignIn, Confirm] = [await load('AuthSignInPage'), await load('AuthConfirmPage')];
  const page = render(<SignIn />);
  await signIn();
  page.unmount();
  fake.service.refuse.set('/reset-password', { status: 400, body: { code: 'LINK_USED' } });
  render(<Confirm />);
  type('New password', 'quiet harbour');
  press('Save the password');
  expect(await screen.findByText(/the one that you entered now was not saved/)).toBeTruthy();
  expect(screen.queryByText(/nothing left to do/)).toBeNull();
});

test('an outage during the confirmation keeps the link, with a button to try again', async () => {
  fake.service.links.set(token, 'valid');
  fake.service.mode = 'database-down';
  await openLink(`verify_email=${token}`);
  await waitFor(() => expect(screen.getAllByText(/cannot answer right now/)).not.toEqual([]));
  // The notice about the session is there first, and has a button of its own.
  const retry = (await screen.findByRole('alert')).parentElement;
  fake.service.mode = 'up';
  fireEvent.click(within(retry as HTMLElement).getByRole('button', { name: 'Try again' }));
  expect(await screen.findByText('Your e-mail address is confirmed.')).toBeTruthy();
});

test.each([
  ['change_email', 'Use this address', 'Your e-mail address was changed.', '/change-email/verify'],
  [
    'delete_account',
    'Delete the account',
    'The deletion is confirmed. A mail says what happens next.',
    '/delete-user/verify',
  ],
])(
  '#%s says what will happen and sends nothing before the click',
  async (purpose, label, text, path) => {
    fake.service.links.set(token, 'valid');
    await openLink(`${purpose}=${token}`);
    expect(location.hash).toBe('');
    expect(await screen.findByRole('button', { name: label })).toBeTruthy();
    expect(sent(path)).toBe(0);
    press(label);
    expect(await screen.findByText(text)).toBeTruthy();
    expect(fake.service.bodies.get(path)).toEqual({ token });
  },
);

test.each([
  ['undo_change', 'Undo the change', '/change-email/undo'],
  ['not_me', 'That was not me', '/security-notices/not-me'],
])(
  '#%s ends all access after a click, and continues with a new password',
  async (purpose, label, path) => {
    fake.service.links.set(token, 'valid');
    await openLink(`${purpose}=${token}`);
    expect(sent(path)).toBe(0);
    press(label);
    expect(await screen.findByText(/Choose a new password now/)).toBeTruthy();
    type('New password', 'quiet harbour');
    press('Save the password');
    expect(await screen.findByText(/Your new password is saved/)).toBeTruthy();
    expect(fake.service.bodies.get('/reset-password')).toEqual({
      token: 'R'.repeat(43),
      newPassword: 'quiet harbour',
    });
  },
);

test('a browser that is not signed in to the account needs its password to change the address', async () => {
  fake.service.links.set(token, { status: 403, body: { code: 'LINK_WRONG_BROWSER' } });
  await openLink(`change_email=${token}`);
  expect(screen.queryByLabelText('Password')).toBeNull();
  press('Use this address');
  expect(await screen.findByText(/not signed in to the account/)).toBeTruthy();
  type('Password', password);
  press('Use this address');
  expect(await screen.findByText('Your e-mail address was changed.')).toBeTruthy();
  expect(fake.service.bodies.get('/change-email/verify')).toEqual({ token, password });
});

test('a used link of a change says so', async () => {
  fake.service.links.set(token, { status: 400, body: { code: 'LINK_USED' } });
  await openLink(`not_me=${token}`);
  press('That was not me');
  expect(await screen.findByText(/This link was already used/)).toBeTruthy();
});

test('the sign-in page mails a link, bound to this browser, where the service offers it', async () => {
  fake.service.features = { magicLink: true };
  const SignIn = await load('AuthSignInPage');
  render(<SignIn />);
  fireEvent.click(await screen.findByRole('button', { name: 'Sign in with a mailed link' }));
  expect(screen.queryByLabelText('Password')).toBeNull();
  type('E-mail address', user.email);
  press('Send me a link');
  expect(await screen.findByText(/Open its link in this browser/)).toBeTruthy();
  const body = fake.service.bodies.get('/sign-in/magic-link');
  expect(body).toMatchObject({ email: user.email });
  expect(body?.codeChallenge).toMatch(/^[\w-]{43}$/);
  press('Sign in with the password');
  expect(screen.getByLabelText('Password')).toBeTruthy();
});

test('the sign-in page mails a code, and signs in with it', async () => {
  fake.service.features = { emailCode: true };
  const SignIn = await load('AuthSignInPage');
  render(<SignIn />);
  fireEvent.click(await screen.findByRole('button', { name: 'Sign in with a mailed code' }));
  type('E-mail address', user.email);
  press('Send me a code');
  await screen.findByText(/Enter it here/);
  const field = screen.getByLabelText('Code');
  expect(field.getAttribute('autocomplete')).toBe('one-time-code');
  type('Code', '12');
  press('Sign in');
  expect(descriptionOf(field)).toBe('Enter the six digits of the mail.');
  expect(sent('/sign-in/email-otp')).toBe(0);
  type('Code', '654321');
  press('Sign in');
  expect(await screen.findByText('The code is wrong.')).toBeTruthy();
  type('Code', '123 456');
  press('Sign in');
  expect(await screen.findByText(/You are signed in as Ada Lovelace/)).toBeTruthy();
  expect(fake.service.bodies.get('/sign-in/email-otp')).toMatchObject({
    email: user.email,
    otp: '123456',
  });
});

test('without these features there are no such buttons', async () => {
  const SignIn = await load('AuthSignInPage');
  render(<SignIn />);
  await screen.findByRole('link', { name: 'Forgot your password?' });
  expect(screen.queryByRole('button', { name: /mailed/ })).toBeNull();
});

test('a magic link signs in without a click', async () => {
  fake.service.links.set(token, 'valid');
  await openLink(`magic_link=${token}`);
  expect(await screen.findByText(/You are signed in as Ada Lovelace/)).toBeTruthy();
});

test('a magic link of another browser says where to open it', async () => {
  fake.service.links.set(token, { status: 403, body: { code: 'LINK_WRONG_BROWSER' } });
  await openLink(`magic_link=${token}`);
  expect(await screen.findByText(/You asked for this link in another browser/)).toBeTruthy();
});

test('without a link the page says where links come from', async () => {
  await openLink('');
  expect(await screen.findByText(/Open the link in the mail again/)).toBeTruthy();
});

test.each(['AuthForgotPasswordPage', 'AuthConfirmPage'])(
  '%s renders on the server without a request',
  async (name) => {
    const Page = await load(name);
    expect(renderToString(<Page />)).toContain('<h1>');
    expect(fake.service.requests).toEqual([]);
  },
);
