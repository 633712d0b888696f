/** The second step after mailed links, mailed codes and visits to a provider: no way in gets past it. */
// @vitest-environment jsdom
import { render, screen, waitFor } from '@testing-library/react';
import { beforeEach, expect, test, vi } from 'vitest';
import { totp } from './support/fake-factors.js';
import { refusalOf } from './support/fake-redirect.js';
import { password, user } from './support/fake-service.js';
import { load, press, type } from './support/page-driver.js';
import {
  issueCode,
  left,
  offered,
  returnWith,
  startSignIn,
  useProviders,
  visited,
} from './support/provider-visit.js';
import { useFakeService } from './support/use-fake-service.js';

vi.mock('../src/client/redirect/leave-page.js', () => ({
  leavePage: (url: string) => left.push(new URL(url)),
}));

const fake = useFakeService();
useProviders(fake);
const codeLabel = 'Code of your authenticator app';
const token = 'T'.repeat(43);
const sent = (path: string) => fake.service.requests.filter((one) => one === path).length;

beforeEach(() => {
  fake.service.factors.due = 'verify';
  fake.service.features = { ...offered, emailCode: true, secondFactor: 'optional' };
  fake.service.links.set(token, 'valid');
});

async function enterCode() {
  expect(await screen.findByLabelText(codeLabel)).toBeTruthy();
  expect(screen.queryByText('You are signed in as Ada Lovelace.')).toBeNull();
  type(codeLabel, totp);
  press('Continue');
}

test.each(['magic_link', 'verify_email'])('%s: after the link', async (purpose) => {
  await returnWith(`${purpose}=${token}`);
  await enterCode();
  expect(await screen.findByText('You are signed in as Ada Lovelace.')).toBeTruthy();
  for (const alert of screen.queryAllByRole('alert')) expect(alert.textContent).toBe('');
});

test('after a new password was saved', async () => {
  await returnWith(`reset_password=${token}`);
  type('New password', 'quiet harbour seventeen');
  press('Save the password');
  expect(await screen.findByText(/Your new password is saved/)).toBeTruthy();
  await enterCode();
  expect(await screen.findByText('You are signed in as Ada Lovelace.')).toBeTruthy();
});

test('after a mailed code', async () => {
  const SignIn = await load('AuthSignInPage');
  render(<SignIn />, { reactStrictMode: true });
  (await screen.findByRole('button', { name: 'Sign in with a mailed code' })).click();
  await screen.findByRole('button', { name: 'Send me a code' });
  type('E-mail address', user.email);
  press('Send me a code');
  await screen.findByLabelText('Code');
  type('Code', '123456');
  press('Sign in');
  await enterCode();
  expect(await screen.findByText('You are signed in as Ada Lovelace.')).toBeTruthy();
});

test('after a visit to a provider, and then to the page where it started', async () => {
  const code = issueCode(fake.service, await startSignIn('/exercises'));
  await returnWith(`auth_code=${code}`);
  await enterCode();
  await waitFor(async () => expect(await visited()).toEqual(['/exercises']));
  expect(sent('/redirect/redeem')).toBe(1);
  expect(localStorage.getItem('auth-service.last-provider https://auth.example.com')).toBe('dev');
});

test('a reload after the visit still leads to the page where it started', async () => {
  const code = issueCode(fake.service, await startSignIn('/exercises'));
  await returnWith(`auth_code=${code}`);
  await screen.findByLabelText(codeLabel);
  await returnWith('');
  await enterCode();
  await waitFor(async () => expect(await visited()).toEqual(['/exercises']));
});

test('a provider is linked once the account with the address has passed its second factor', async () => {
  fake.service.factors.due = undefined;
  const { status, body } = refusalOf('account_exists_with_password', 403);
  const refusal = { status, body: { ...body, next: { password: true, address: user.email } } };
  const code = issueCode(fake.service, await startSignIn('/exercises'), { refusal });
  await returnWith(`auth_code=${code}`);
  await screen.findByLabelText('Password');
  fake.service.factors.due = 'verify';
  type('Password', password);
  press('Confirm with the password');
  await enterCode();
  await waitFor(async () => expect(await visited()).toEqual(['/exercises']));
  expect(fake.service.bodies.get('/redirect/redeem')).toMatchObject({ code, link: true });
});

test('a second factor that is too late leads to the sign-in page, and says why', async () => {
  const code = issueCode(fake.service, await startSignIn('/exercises'));
  await returnWith(`auth_code=${code}`);
  await screen.findByLabelText(codeLabel);
  fake.service.factors.expire();
  type(codeLabel, totp);
  press('Continue');
  expect(await screen.findByText(/The sign-in was not finished in time/)).toBeTruthy();
  expect(screen.getByRole('link', { name: 'Sign in' }).getAttribute('href')).toBe('/sign-in');
});
