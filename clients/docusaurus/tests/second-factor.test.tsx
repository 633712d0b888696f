/** The second step of a sign-in: on the sign-in page, after a reload, in another tab, and where the service requires one. */
// @vitest-environment jsdom
import { fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { beforeEach, expect, test } from 'vitest';
import { backupCodes, totp } from './support/fake-factors.js';
import { createFakeService, password, user } from './support/fake-service.js';
import { descriptionOf, load, press, router, signIn, type } from './support/page-driver.js';
import { useFakeService } from './support/use-fake-service.js';

const fake = useFakeService();
const codeLabel = 'Code of your authenticator app';
const strict = { reactStrictMode: true };
const sent = (path: string) => fake.service.requests.filter((one) => one === path).length;

beforeEach(async () => {
  fake.service.factors.due = 'verify';
  fake.service.features = { secondFactor: 'optional' };
  const { visited, currentLocation } = await router();
  visited.length = 0;
  Object.assign(currentLocation, { pathname: '/sign-in', search: '?from=%2Fexercises', hash: '' });
});

async function openSignIn() {
  const SignIn = await load('AuthSignInPage');
  render(<SignIn />, strict);
}

test('after the password the code is asked for, and a right one returns to the page', async () => {
  await openSignIn();
  await signIn();
  const field = screen.getByLabelText<HTMLInputElement>(codeLabel);
  expect(screen.queryByLabelText('Password')).toBeNull();
  expect(screen.getByText(/sign-in is not finished yet: it needs a second factor/)).toBeTruthy();
  expect([field.autocomplete, field.inputMode]).toEqual(['one-time-code', 'numeric']);
  expect(document.activeElement).toBe(field);
  type(codeLabel, '246 810');
  press('Continue');
  await screen.findByText('You are signed in as Ada Lovelace.');
  expect(fake.service.bodies.get('/two-factor/verify-totp')).toEqual({ code: totp });
  expect((await router()).visited).toContain('/exercises');
});

test('the visitor may trust this device', async () => {
  await openSignIn();
  await signIn();
  fireEvent.click(screen.getByLabelText(/Trust this device for 30 days/));
  type(codeLabel, totp);
  press('Continue');
  await screen.findByText('You are signed in as Ada Lovelace.');
  expect(fake.service.bodies.get('/two-factor/verify-totp')).toEqual({
    code: totp,
    trustDevice: true,
  });
});

/** A sign-in of this browser that waits for a second factor. */
async function leavePending() {
  const body = JSON.stringify({ email: user.email, password });
  await fake.service.fetch('https://auth.example.com/api/auth/sign-in/email', {
    method: 'POST',
    body,
  });
}

test('after a reload the step is shown again, and finishes the sign-in', async () => {
  await leavePending();
  await openSignIn();
  expect(await screen.findByLabelText(codeLabel)).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Use a backup code' })).toBeTruthy();
  type(codeLabel, totp);
  press('Continue');
  expect(await screen.findByText('You are signed in as Ada Lovelace.')).toBeTruthy();
});

test('another tab shows the step as soon as it checks the session', async () => {
  await openSignIn();
  await waitFor(() => expect(sent('/get-session')).toBeGreaterThan(0));
  await leavePending();
  window.dispatchEvent(new Event('online'));
  expect(await screen.findByLabelText(codeLabel)).toBeTruthy();
});

const refused = (reason: string) => ({
  status: 400,
  body: {
    code: reason.toUpperCase(),
    reason,
    message: 'In the words of the service.',
    differenceSeconds: -270,
  },
});

test.each([
  ['totp_wrong', 'This code is wrong.'],
  ['totp_replayed', 'This code was already used. Wait until'],
  ['totp_clock_differs', 'your authenticator app is wrong by about 5 min.'],
])('%s is explained at the field, which gets the focus', async (reason, message) => {
  await openSignIn();
  await signIn();
  fake.service.refuse.set('/two-factor/verify-totp', refused(reason));
  type(codeLabel, '111111');
  press('Continue');
  const field = screen.getByLabelText(codeLabel);
  await waitFor(() => expect(descriptionOf(field)).toContain(message));
  await waitFor(() => expect(document.activeElement).toBe(field));
});

test('a code that has not six digits sends no request', async () => {
  await openSignIn();
  await signIn();
  type(codeLabel, '1234');
  press('Continue');
  expect(descriptionOf(screen.getByLabelText(codeLabel))).toContain('Enter the six digits');
  expect(sent('/two-factor/verify-totp')).toBe(0);
});

test('the limit of the account counts down, and does not speak of passwords', async () => {
  await openSignIn();
  await signIn();
  fake.service.refuse.set('/two-factor/verify-totp', {
    status: 429,
    body: { code: 'TOO_MANY_REQUESTS', reason: 'limit_account' },
    headers: { 'retry-after': '9' },
  });
  type(codeLabel, '111111');
  const button = press('Continue');
  const text = 'Too many wrong codes for this account. Try again in 9 seconds.';
  await waitFor(() => expect(screen.getAllByText(text)).not.toEqual([]));
  expect(button.getAttribute('aria-disabled')).toBe('true');
});

test('a code that was used already, and one for another time, are not called wrong', async () => {
  await openSignIn();
  await signIn();
  const field = screen.getByLabelText(codeLabel);
  for (const [code, more, text] of [
    ['TOTP_REPLAYED', {}, 'This code was already used. Wait until'],
    ['TOTP_CLOCK_DIFFERS', { differenceSeconds: -180 }, 'wrong by about 3 min'],
  ] as const) {
    const body = { code, reason: code.toLowerCase(), message: '', ...more };
    fake.service.refuse.set('/two-factor/verify-totp', { status: 400, body });
    type(codeLabel, '111111');
    press('Continue');
    await waitFor(() => expect(document.body.textContent).toContain(text));
  }
  expect(field.isConnected).toBe(true);
});

test('a backup code finishes the sign-in as well', async () => {
  await openSignIn();
  await signIn();
  press('Use a backup code');
  type('Backup code', 'nonsense');
  press('Continue');
  const field = screen.getByLabelText('Backup code');
  await waitFor(() => expect(descriptionOf(field)).toContain('not one of your backup codes'));
  type('Backup code', backupCodes[3] ?? '');
  press('Continue');
  expect(await screen.findByText('You are signed in as Ada Lovelace.')).toBeTruthy();
});

test('only the methods of the account are offered', async () => {
  fake.service.factors.methods = ['totp'];
  await openSignIn();
  await signIn();
  expect(screen.getByLabelText(codeLabel)).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Use a backup code' })).toBeNull();
});

test('somebody else can sign in instead', async () => {
  await openSignIn();
  await signIn();
  press('Sign in as somebody else');
  expect(await screen.findByLabelText('Password')).toBeTruthy();
  expect(screen.queryByText(/not finished/)).toBeNull();
  expect(sent('/sign-out')).toBe(1);
});

test('a second factor that is too late leads back to the form, which says why', async () => {
  await openSignIn();
  await signIn();
  fake.service.factors.expire();
  type(codeLabel, totp);
  press('Continue');
  expect(await screen.findByLabelText('Password')).toBeTruthy();
  expect(screen.getByText('The sign-in was not finished in time. Sign in again.')).toBeTruthy();
});

test('an outage during the step keeps it, and its message is an outage', async () => {
  await openSignIn();
  await signIn();
  fake.service.mode = 'database-down';
  type(codeLabel, totp);
  press('Continue');
  await screen.findAllByText(/cannot answer right now/);
  expect(screen.getByLabelText(codeLabel)).toBeTruthy();
});

test('the second factor of another BetterAuth server is not reported as a sign-in', async () => {
  fake.service.factors.due = undefined;
  const body = { twoFactorRedirect: true, twoFactorMethods: ['totp'] };
  fake.service.refuse.set('/sign-in/email', { status: 200, body });
  await openSignIn();
  await signIn();
  expect(await screen.findByText(/answered something unexpected/)).toBeTruthy();
});

test('a new account sets up the second factor that the service requires, before it is signed in', async () => {
  fake.service.factors.due = 'enrol';
  const body = { twoFactorRedirect: true, twoFactorMethods: ['totp'], secondFactor: 'enrol' };
  fake.service.refuse.set('/sign-up/email', { status: 200, body });
  await leavePending(); // the cookie that comes with it
  const SignUp = await load('AuthSignUpPage');
  render(<SignUp />, strict);
  expect(await screen.findByText(/This service requires a second factor/)).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Set up an authenticator app' })).toBeTruthy();
});

async function startEnrolment() {
  fake.service.factors.due = 'enrol';
  fake.service.factors.methods = ['totp'];
  await openSignIn();
  await signIn();
  press('Set up an authenticator app');
  return screen.findByRole<HTMLImageElement>('img', { name: /QR code/ });
}

test('the QR code is an image, whose scripts cannot run, with the key as text', async () => {
  const image = await startEnrolment();
  expect(image.src).toMatch(/^data:image\/svg\+xml;charset=utf-8,%3Csvg/);
  expect(document.querySelector('svg script')).toBeNull();
  expect(screen.getByText('JBSW Y3DP EHPK 3PXP')).toBeTruthy();
  expect(sent('/two-factor/enable')).toBe(1);
});

test('the enrolment is confirmed only once the visitor has kept the backup codes', async () => {
  await startEnrolment();
  for (const code of backupCodes) expect(screen.getByText(code)).toBeTruthy();
  const download = screen.getByRole<HTMLAnchorElement>('link', { name: 'Download' });
  expect(decodeURIComponent(download.href)).toContain(backupCodes.join('\n'));
  type(codeLabel, totp);
  press('Confirm');
  const box = screen.getByLabelText('I have kept them');
  expect(descriptionOf(box)).toContain('Keep the backup codes first');
  expect(document.activeElement).toBe(box);
  expect(sent('/two-factor/verify-totp')).toBe(0);
  fireEvent.click(box);
  press('Confirm');
  expect(await screen.findByText('You are signed in as Ada Lovelace.')).toBeTruthy();
});

test('a browser that does not copy says so', async () => {
  await startEnrolment();
  press('Copy');
  expect(await screen.findByText(/This browser did not copy them/)).toBeTruthy();
});

test('other pages link to the sign-in page, where the step is', async () => {
  await leavePending();
  const [Account] = [await load('AuthAccountPage')];
  render(<Account />, strict);
  const main = await screen.findByText(/not finished yet/);
  expect(main).toBeTruthy();
  expect(within(document.body).getByRole('link', { name: 'Sign in' })).toBeTruthy();
});

// The last one: its client would answer the tab channel of a later test.
test('where the browser refuses the cookie, the bearer token finishes the sign-in, and no device is trusted', async () => {
  fake.service = createFakeService({ storesCookie: false, issuesToken: true });
  fake.service.factors.due = 'verify';
  await openSignIn();
  await signIn();
  expect(await screen.findByLabelText(codeLabel)).toBeTruthy();
  expect(screen.queryByLabelText(/Trust this device/)).toBeNull();
  type(codeLabel, totp);
  press('Continue');
  expect(await screen.findByText('You are signed in as Ada Lovelace.')).toBeTruthy();
});
