/** The pages and their elements, queried by role and label, as a screen reader finds them. */
// @vitest-environment jsdom
import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import { renderToString } from 'react-dom/server';
import { expect, test } from 'vitest';
import { user } from './support/fake-service.js';
import { load, router, signIn } from './support/page-driver.js';
import { useFakeService } from './support/use-fake-service.js';

const fake = useFakeService();

test('a wrong password is announced, and the form can be sent again', async () => {
  const SignIn = await load('AuthSignInPage');
  const { currentLocation, visited } = await router();
  currentLocation.search = '?from=/exercises';
  render(<SignIn />);
  const alert = screen.getByRole('alert'); // exists before its text, or it would not be announced
  expect(screen.getByRole('link', { name: 'Sign up' }).getAttribute('href')).toBe(
    '/sign-up?from=/exercises',
  );
  await signIn('wrong');
  expect(alert.textContent).toBe('The e-mail address or the password is wrong.');
  await signIn();
  expect(visited).toEqual(['/exercises']);
  expect(screen.getByText(/You are signed in as Ada Lovelace/)).toBeTruthy();
});

test('every field has an autocomplete token for password managers', async () => {
  const SignUp = await load('AuthSignUpPage');
  render(<SignUp />);
  const fields = ['Name', 'E-mail address', 'Password'].map((label) =>
    screen.getByLabelText(label),
  );
  const purposes = fields.map((field) => field.getAttribute('autocomplete'));
  expect(purposes).toEqual(['name', 'username', 'new-password']);
  expect(fields.every((field) => (field as HTMLInputElement).required)).toBe(true);
});

test('the account page lists this browser, and after the sign-out says that you are not signed in', async () => {
  const [SignIn, Account] = [await load('AuthSignInPage'), await load('AuthAccountPage')];
  const page = render(<SignIn />);
  await signIn();
  page.rerender(<Account />);
  expect(await screen.findByText(user.email)).toBeTruthy();
  expect(screen.getByText('This browser')).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Sign out' }));
  expect(await screen.findByText(/You are not signed in/)).toBeTruthy();
});

test('a failed sign-out keeps the account on the page and shows the error', async () => {
  const [SignIn, Account] = [await load('AuthSignInPage'), await load('AuthAccountPage')];
  const page = render(<SignIn />);
  await signIn();
  page.rerender(<Account />);
  await screen.findByText(user.email);
  fake.service.mode = 'down';
  fireEvent.click(screen.getByRole('button', { name: 'Sign out' }));
  expect(await screen.findByText(/cannot be reached/)).toBeTruthy();
  expect(screen.getByText(user.email)).toBeTruthy();
  window.dispatchEvent(new Event('online')); // the session is checked again
  expect(await screen.findByText(/cannot be reached.*You stay signed in/)).toBeTruthy();
});

test('SignedIn and SignedOut show their pending content until the session is known', async () => {
  const [In, Out] = [await load('SignedIn'), await load('SignedOut')];
  const { container } = render(
    <>
      <In pending="1…">members</In>
      <Out pending="2…">visitors</Out>
    </>,
  );
  expect(container.textContent).toBe('1…2…');
  await waitFor(() => expect(container.textContent).toBe('visitors'));
});

test('while the service is down, neither SignedIn nor SignedOut renders, and AuthStatus shows why', async () => {
  fake.service.mode = 'down';
  const [In, Out, Status] = [
    await load('SignedIn'),
    await load('SignedOut'),
    await load('AuthStatus'),
  ];
  const { container } = render(
    <>
      <In>members</In>
      <Out>visitors</Out>
      <Status />
    </>,
  );
  await waitFor(() => expect(screen.getByRole('status').textContent).toMatch(/cannot be reached/));
  expect(container.textContent).not.toMatch(/members|visitors/);
});

test.each(['AuthSignInPage', 'AuthSignUpPage', 'AuthAccountPage', 'AuthNavbarItem', 'SignedIn'])(
  '%s renders on the server without a request',
  async (name) => {
    const Component = await load(name);
    expect(renderToString(<Component>members only</Component>)).not.toContain('members only');
    expect(fake.service.requests).toEqual([]);
  },
);
