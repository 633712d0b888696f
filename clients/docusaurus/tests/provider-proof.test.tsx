/** What a visitor must prove if the provider is not enough: the password of the account, or the address by mail. */
// @vitest-environment jsdom
import { fireEvent, screen, waitFor } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { refusalOf } from './support/fake-redirect.js';
import { password, user } from './support/fake-service.js';
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
async function returnUnproven(
  reason: string,
  next: Record<string, boolean | string>,
): Promise<string> {
  const { status, body } = refusalOf(reason, 403);
  const code = issueCode(fake.service, await startSignIn('/exercises'), {
    refusal: { status, body: { ...body, next } },
  });
  await returnWith(`auth_code=${code}`);
  return code;
}

test('the password of the account links the provider to it, and signs in', async () => {
  const code = await returnUnproven('account_exists_with_password', {
    password: true,
    mail: true,
    email: false,
    address: user.email,
  });
  expect(await screen.findByText(/then Dev ID is linked to it/)).toBeTruthy();
  expect(screen.getByLabelText<HTMLInputElement>('E-mail address').value).toBe(user.email);
  type('Password', 'wrong');
  press('Confirm with the password');
  expect(await screen.findByText('The e-mail address or the password is wrong.')).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Confirm by mail' })).toBeTruthy();
  type('Password', password);
  press('Confirm with the password');
  await waitFor(async () => expect(await visited()).toEqual(['/exercises']));
  expect(fake.service.bodies.get('/redirect/redeem')).toMatchObject({ code, link: true });
  expect(fake.service.bodies.get('/sign-in/email')).toEqual({ email: user.email, password });
});

test('the password of another account signs in to it, and says that nothing was linked', async () => {
  await returnUnproven('account_exists_with_password', { password: true, address: user.email });
  await screen.findByText(/then Dev ID is linked to it/);
  const next = { password: true, mail: false, email: false };
  const { status, body } = refusalOf('account_exists_with_password', 403);
  fake.service.refuse.set('/redirect/redeem', { status, body: { ...body, next } });
  type('Password', password);
  press('Confirm with the password');
  expect(await screen.findByText(/You signed in, but nothing was linked/)).toBeTruthy();
  expect(screen.getByText(/You are signed in as Ada Lovelace/)).toBeTruthy();
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
    codeChallenge: left[0]?.searchParams.get('code_challenge'),
  });
});

test('where nothing can be kept for the tab of the link, the service recognizes the browser', async () => {
  await returnUnproven('email_unverified', { mail: true });
  const button = await screen.findByRole('button', { name: 'Confirm by mail' });
  vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
    throw new DOMException('denied', 'SecurityError');
  });
  fireEvent.click(button);
  await screen.findByText('Check your mail');
  expect(fake.service.bodies.get('/redirect/prove')).not.toHaveProperty('codeChallenge');
});

test('an address is asked for where the provider has none', async () => {
  await returnUnproven('email_missing', { email: true, mail: true });
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
  await returnUnproven('email_unverified', { mail: true });
  await screen.findByText(/Dev ID has not confirmed/);
  fake.service.refuse.set('/redirect/prove', refusalOf('code_expired'));
  press('Confirm by mail');
  expect(await screen.findByText('The sign-in was not finished in time.')).toBeTruthy();
  press('Try again');
  await waitFor(() => expect(left).toHaveLength(2));
});

test('where the service can offer no proof, the next step is the password', async () => {
  await returnUnproven('account_exists_with_password', { password: false, mail: false });
  expect(await screen.findByRole('link', { name: 'Use your password' })).toBeTruthy();
  expect(screen.queryByRole('button', { name: /^Confirm/ })).toBeNull();
});
