/** After a sign-in with a password that is known from a data breach: an advice, for its user and only until it is changed. */
// @vitest-environment jsdom
import { act, fireEvent, render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { AuthActions } from '../src/client/actions.js';
import { password, user } from './support/fake-service.js';
import { useFakeService } from './support/use-fake-service.js';

const fake = useFakeService();
const advice = /Your password is known from a data breach/;

async function open(): Promise<AuthActions> {
  const [{ withPageFrame }, { useAuth }] = await Promise.all([
    import('../src/client/page-frame.jsx'),
    import('../src/client/hooks.js'),
  ]);
  let auth: AuthActions | undefined;
  const Page = withPageFrame(() => {
    auth = useAuth();
    return <p>A page</p>;
  });
  render(<Page />, { reactStrictMode: true });
  await act(async () => auth?.recheck());
  if (auth === undefined) throw new Error('not rendered');
  return auth;
}

/** The answer of a sign-in, and the session of one before. */
async function signIn(auth: AuthActions, passwordBreached?: boolean): Promise<void> {
  fake.service.refuse.clear();
  const fields = { email: user.email, password };
  await act(async () => {
    await auth.signIn(fields);
    if (passwordBreached === undefined) return;
    const body = { token: 't1', user, passwordBreached };
    fake.service.refuse.set('/sign-in/email', { status: 200, body });
    await auth.signIn(fields);
  });
}

test('the advice links to the form that changes the password, and can be dismissed', async () => {
  const auth = await open();
  await signIn(auth, true);
  const shown = await screen.findByText(advice);
  expect(shown.closest('[role=status]')).not.toBeNull();
  const link = screen.getByRole('link', { name: 'Change your password' });
  expect(link.getAttribute('href')).toBe('/account#change-password');
  fireEvent.click(screen.getByRole('button', { name: 'Close' }));
  expect(screen.queryByText(advice)).toBeNull();
});

test('the response to a second factor can have it as well, as after a reload between the two steps', async () => {
  const auth = await open();
  await signIn(auth);
  expect(screen.queryByText(advice)).toBeNull();
  const { useFactors } = await import('../src/client/factors/use-factors.js');
  let verify: ReturnType<typeof useFactors>['verifyTotp'] | undefined;
  const Step = () => {
    verify = useFactors().verifyTotp;
    return null;
  };
  render(<Step />);
  const body = { token: 't1', user, passwordBreached: true };
  fake.service.refuse.set('/two-factor/verify-totp', { status: 200, body });
  await act(async () => {
    await verify?.({ code: '246810' });
  });
  expect(await screen.findByText(advice)).toBeTruthy();
});

test('a sign-in with another password says nothing', async () => {
  const auth = await open();
  await signIn(auth);
  expect(screen.queryByText(advice)).toBeNull();
});

test('it ends with a new password', async () => {
  const auth = await open();
  await signIn(auth, true);
  await screen.findByText(advice);
  fake.service.refuse.set('/change-password', { status: 200, body: { user } });
  await act(async () => {
    await auth.changePassword({ currentPassword: password, newPassword: 'quiet harbour' });
  });
  expect(screen.queryByText(advice)).toBeNull();
});

test('it ends with the sign-out, and another user does not see it', async () => {
  const auth = await open();
  await signIn(auth, true);
  await screen.findByText(advice);
  await act(async () => {
    await auth.signOut();
  });
  expect(screen.queryByText(advice)).toBeNull();
  await signIn(auth);
  expect(screen.queryByText(advice)).toBeNull();
  await signIn(auth, true);
  fake.service.user = { ...user, id: 'u2', name: 'Grace' };
  await act(async () => auth.recheck());
  expect(screen.queryByText(advice)).toBeNull();
});
