/** The second factor on the account page. */
// @vitest-environment jsdom
import { fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { beforeEach, expect, test } from 'vitest';
import { totp } from './support/fake-factors.js';
import { password, user } from './support/fake-service.js';
import { load, press, type } from './support/page-driver.js';
import { useFakeService } from './support/use-fake-service.js';

const fake = useFakeService();
const sent = (path: string) => fake.service.requests.filter((one) => one === path).length;
beforeEach(() => void (fake.service.features = { secondFactor: 'optional' }));

async function openAccount() {
  const body = JSON.stringify({ email: user.email, password });
  await fake.service.fetch('https://auth.example.com/api/auth/sign-in/email', {
    method: 'POST',
    body,
  });
  const Account = await load('AuthAccountPage');
  render(<Account />, { reactStrictMode: true });
  const heading = await screen.findByRole('heading', { name: 'Second factor' });
  return within(heading.parentElement as HTMLElement);
}

test('without the feature there is no such section, and nothing is asked', async () => {
  fake.service.features = {};
  await openAccount().catch(() => undefined);
  await screen.findByText(user.email);
  expect(screen.queryByRole('heading', { name: 'Second factor' })).toBeNull();
  expect(sent('/two-factor/status')).toBe(0);
});

test('an authenticator app is set up, with one key however often effects run', async () => {
  const section = await openAccount();
  fireEvent.click(await section.findByText('Set up an authenticator app'));
  await section.findByRole('img', { name: /QR code/ });
  expect(sent('/two-factor/enable')).toBe(1);
  fireEvent.click(section.getByLabelText('I have kept them'));
  type('Code of your authenticator app', totp);
  press('Confirm');
  expect(await section.findByText(/The next sign-in asks for a code of it/)).toBeTruthy();
  expect(await section.findByText(/10 backup codes are left/)).toBeTruthy();
});

test('new backup codes are shown once', async () => {
  fake.service.factors.isEnabled = true;
  const section = await openAccount();
  fireEvent.click(await section.findByText('Get new backup codes'));
  expect(await section.findByText('new-code-7')).toBeTruthy();
  press('I have kept them');
  expect(section.queryByText('new-code-7')).toBeNull();
});

test('removing the app needs a confirmation', async () => {
  fake.service.factors.isEnabled = true;
  const section = await openAccount();
  fireEvent.click(await section.findByText('Remove the authenticator app'));
  expect(sent('/two-factor/disable')).toBe(0);
  press('Yes, remove it');
  expect(await section.findByText('The authenticator app was removed.')).toBeTruthy();
  expect(await section.findByText('Set up an authenticator app')).toBeTruthy();
  expect(screen.queryByRole('dialog')).toBeNull();
});

test('trusted devices are listed, and each can be removed', async () => {
  fake.service.factors.isEnabled = true;
  const createdAt = '2026-11-01T12:00:00.000Z';
  fake.service.factors.devices = [
    { id: 'd1', browser: 'Firefox on Linux', createdAt },
    { id: 'd2', browser: 'Safari on iOS', createdAt },
  ];
  const section = await openAccount();
  expect(await section.findByText('Firefox on Linux')).toBeTruthy();
  press('Remove Firefox on Linux');
  await waitFor(() => expect(section.queryByText('Firefox on Linux')).toBeNull());
  expect(section.getByText('Safari on iOS')).toBeTruthy();
  expect(fake.service.bodies.get('/two-factor/revoke-trusted-device')).toEqual({ id: 'd1' });
});

test('an outage is shown with a button to try again, not as "no second factor"', async () => {
  fake.service.refuse.set('/two-factor/status', {
    status: 503,
    body: { code: 'DATABASE_UNAVAILABLE' },
  });
  const section = await openAccount();
  await section.findByText(/cannot answer right now/);
  expect(section.queryByText('Set up an authenticator app')).toBeNull();
  fake.service.refuse.clear();
  press('Try again');
  expect(await section.findByText('Set up an authenticator app')).toBeTruthy();
});

test('all trusted devices can be removed at once, where there are several', async () => {
  fake.service.factors.isEnabled = true;
  const createdAt = '2026-11-01T12:00:00.000Z';
  const first = { id: 'd1', browser: 'Firefox on Linux', createdAt };
  fake.service.factors.devices = [first, { id: 'd2', browser: 'Safari on iOS', createdAt }];
  const section = await openAccount();
  fireEvent.click(await section.findByText('Remove all trusted devices'));
  expect(await section.findByText(/None: every sign-in/)).toBeTruthy();
  expect(section.queryByText('Remove all trusted devices')).toBeNull();
  expect(sent('/two-factor/revoke-trusted-devices')).toBe(1);
  expect(sent('/two-factor/revoke-trusted-device')).toBe(0);
});

test('a single trusted device has no button for all', async () => {
  fake.service.factors.isEnabled = true;
  fake.service.factors.devices = [
    { id: 'd1', browser: 'Firefox on Linux', createdAt: '2026-11-01T12:00:00.000Z' },
  ];
  const section = await openAccount();
  await section.findByText('Firefox on Linux');
  expect(section.queryByText('Remove all trusted devices')).toBeNull();
});
