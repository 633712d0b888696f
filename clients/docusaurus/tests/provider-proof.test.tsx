/** What a visitor must prove if the provider is not enough: the password of the account, or the address by mail. */
// @vitest-environment jsdom
import { screen, waitFor } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { refusalOf } from './support/fake-redirect.js';
import { password } from './support/fake-service.js';
import { descriptionOf, press, type } from './support/page-driver.js';
import {
  issueCode,
  left,
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
const sent = (path: string) => fake.service.requests.filter((one) => one === path).length;
const verifierOf = (path: string) => fake.service.bodies.get(path)?.code_verifier;

/** Comes back from the provider with a code that needs a proof. */
async function returnUnproven(reason: string, next: Record<string, boolean>): Promise<string> {
  const { status, body } = refusalOf(reason, 403);
  const code = issueCode(fake.service, await startSignIn('/exercises'), {
    refusal: { status, body: { ...body, next } },
  });
  await returnWith(`auth_code=${code}`);
  return code;
}

test('the password of the account links the provider to it, and signs in', async () => {
  const code = await returnUnproven('account_exists_with_password', { password: true, mail: true });
  expect(await screen.findByText(/then Dev ID is linked to it/)).toBeTruthy();
  type('Password', 'wrong');
  press('Confirm with the password');
  const field = () => screen.getByLabelText('Password');
  await waitFor(() => expect(descriptionOf(field())).toContain('The password is wrong.'));
  expect(screen.getByRole('button', { name: 'Confirm by mail' })).toBeTruthy();
  type('Password', password);
  press('Confirm with the password');
  await waitFor(async () => expect(await visited()).toEqual(['/exercises']));
  expect(fake.service.bodies.get('/redirect/redeem')).toMatchObject({ code, password });
});

test('an address that the provider has not confirmed is confirmed by mail', async () => {
  const code = await returnUnproven('email_unverified', { password: false, mail: true });
  expect(await screen.findByText(/Dev ID has not confirmed your e-mail address/)).toBeTruthy();
  expect(screen.queryByLabelText('Password')).toBeNull();
  expect(screen.queryByLabelText('E-mail address')).toBeNull();
  press('Confirm by mail');
  expect(await screen.findByText(/Open the link in this browser to sign in/)).toBeTruthy();
  expect(fake.service.bodies.get('/redirect/prove')).toEqual({
    code,
    code_verifier: verifierOf('/redirect/redeem'),
  });
});

test('an address is asked for where the provider has none', async () => {
  await returnUnproven('email_missing', { email: true });
  await screen.findByText(/Dev ID did not pass on an e-mail address/);
  type('E-mail address', 'ada');
  press('Confirm by mail');
  const field = screen.getByLabelText('E-mail address');
  expect(descriptionOf(field)).toContain('like name@example.com');
  expect(sent('/redirect/prove')).toBe(0);
  type('E-mail address', ' ada@example.com ');
  press('Confirm by mail');
  await screen.findByText('Check your mail');
  expect(fake.service.bodies.get('/redirect/prove')?.email).toBe('ada@example.com');
});

test('the mailed link signs in in another tab of the same browser, and leads to the same page', async () => {
  await returnUnproven('email_unverified', { mail: true });
  press((await screen.findByRole('button', { name: 'Confirm by mail' })).textContent);
  await screen.findByText('Check your mail');
  const verifier = verifierOf('/redirect/redeem');
  sessionStorage.clear(); // the other tab
  const token = 'P'.repeat(43);
  fake.service.links.set(token, 'valid');
  await returnWith(`confirm_provider=${token}`);
  await waitFor(async () => expect(await visited()).toEqual(['/exercises']));
  expect(sent('/redirect/confirm')).toBe(1);
  expect(fake.service.bodies.get('/redirect/confirm')).toEqual({ token, codeVerifier: verifier });
  expect(JSON.stringify(localStorage)).not.toContain(verifier);
});

test.each([
  ['LINK_WRONG_BROWSER', 403, /You started this sign-in in another browser/],
  ['LINK_EXPIRED', 400, /This link has expired/],
  ['LINK_USED', 400, /This link was already used/],
  ['LINK_UNKNOWN', 400, /This link is not valid/],
])('%s of the mailed link is explained', async (code, status, sentence) => {
  fake.service.links.set('P'.repeat(43), { status, body: { code } });
  await returnWith(`confirm_provider=${'P'.repeat(43)}`);
  expect(await screen.findByText(sentence)).toBeTruthy();
  expect(screen.getByRole('link', { name: 'Sign in' })).toBeTruthy();
  expect(fake.service.bodies.get('/redirect/confirm')).not.toHaveProperty('codeVerifier');
});

test('a code that expired meanwhile says so, with the way to start again', async () => {
  await returnUnproven('account_exists_with_password', { password: true });
  await screen.findByText(/then Dev ID is linked to it/);
  fake.service.refuse.set('/redirect/redeem', refusalOf('code_expired'));
  type('Password', password);
  press('Confirm with the password');
  expect(await screen.findByText('The sign-in was not finished in time.')).toBeTruthy();
  press('Try again');
  await waitFor(() => expect(left).toHaveLength(2));
});

test('where the service can offer no proof, the next step is the password', async () => {
  await returnUnproven('account_exists_with_password', { password: false, mail: false });
  expect(await screen.findByRole('link', { name: 'Use your password' })).toBeTruthy();
  expect(screen.queryByRole('button', { name: /^Confirm/ })).toBeNull();
});
