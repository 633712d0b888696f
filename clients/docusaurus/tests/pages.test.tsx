/** The pages as a visitor meets them, found by role and label, as a screen reader finds them. */
// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import type { ComponentType } from 'react';
import { renderToString } from 'react-dom/server';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createFakeService, password, user, type FakeService } from './support/fake-service.js';

let service: FakeService;
beforeEach(() => {
  vi.resetModules(); // one client for each page that is opened
  service = createFakeService();
  vi.stubGlobal('fetch', (...call: Parameters<typeof fetch>) => service.fetch(...call));
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

/** The component with everything around it loaded afresh, as by a reload. */
async function load(name: string): Promise<ComponentType<Record<string, unknown>>> {
  const module = (await import(`../src/theme/${name}.tsx`)) as { default: ComponentType };
  return module.default;
}

async function router() {
  return import('./support/docusaurus/router.js');
}

function type(label: string, value: string) {
  fireEvent.change(screen.getByLabelText(label), { target: { value } });
}

async function signIn(given = password) {
  type('E-mail address', user.email);
  type('Password', given);
  fireEvent.click(screen.getByRole('button', { name: 'Sign in' }));
  await waitFor(() => expect(screen.queryByText('Signing in…')).toBeNull());
}

test('a wrong password is announced, and the form can be sent again', async () => {
  const SignIn = await load('AuthSignInPage');
  const { place, visited } = await router();
  place.search = '?from=/exercises';
  render(<SignIn />);
  const alert = screen.getByRole('alert'); // there before its text, or it would not be announced
  expect(screen.getByRole('link', { name: 'Sign up' }).getAttribute('href')).toBe(
    '/sign-up?from=/exercises',
  );
  await signIn('wrong');
  expect(alert.textContent).toBe('The e-mail address or the password is wrong.');
  await signIn();
  expect(visited).toEqual(['/exercises']);
  expect(screen.getByText(/You are signed in as Ada Lovelace/)).toBeTruthy();
});

test('password managers are told what each field is', async () => {
  const SignUp = await load('AuthSignUpPage');
  render(<SignUp />);
  const fields = ['Name', 'E-mail address', 'Password'].map((label) =>
    screen.getByLabelText(label),
  );
  const purposes = fields.map((field) => field.getAttribute('autocomplete'));
  expect(purposes).toEqual(['name', 'username', 'new-password']);
  expect(fields.every((field) => (field as HTMLInputElement).required)).toBe(true);
});

test('the account lists this browser, and after signing out says that nobody is signed in', async () => {
  const [SignIn, Account] = [await load('AuthSignInPage'), await load('AuthAccountPage')];
  const page = render(<SignIn />);
  await signIn();
  page.rerender(<Account />);
  expect(await screen.findByText(user.email)).toBeTruthy();
  expect(screen.getByText('This browser')).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Sign out' }));
  expect(await screen.findByText(/You are not signed in/)).toBeTruthy();
});

test('a sign-out that fails leaves the account on the page, with a sentence', async () => {
  const [SignIn, Account] = [await load('AuthSignInPage'), await load('AuthAccountPage')];
  const page = render(<SignIn />);
  await signIn();
  page.rerender(<Account />);
  await screen.findByText(user.email);
  service.mode = 'down';
  fireEvent.click(screen.getByRole('button', { name: 'Sign out' }));
  expect(await screen.findByText(/cannot be reached/)).toBeTruthy();
  expect(screen.getByText(user.email)).toBeTruthy();
  window.dispatchEvent(new Event('online')); // the session is checked again
  expect(await screen.findByText(/cannot be reached.*You stay signed in/)).toBeTruthy();
});

test('the navbar item shows the way in, and then who is signed in', async () => {
  const [SignIn, Item] = [await load('AuthSignInPage'), await load('AuthNavbarItem')];
  (await router()).place.pathname = '/cookies';
  render(
    <>
      <Item />
      <SignIn />
    </>,
  );
  const link = await screen.findByRole('link', { name: 'Sign in' });
  expect(link.getAttribute('href')).toBe('/sign-in?from=%2Fcookies');
  await signIn();
  const name = await screen.findByRole('link', { name: 'Ada Lovelace' });
  expect(name.getAttribute('href')).toBe('/account');
});

test('SignedIn and SignedOut show what holds their place until it is known', async () => {
  const [In, Out] = [await load('SignedIn'), await load('SignedOut')];
  const { container } = render(
    <>
      <In pending="1…">members</In>
      <Out pending="2…">strangers</Out>
    </>,
  );
  expect(container.textContent).toBe('1…2…');
  await waitFor(() => expect(container.textContent).toBe('strangers'));
});

test('while the service is down, neither SignedIn nor SignedOut shows, and the status says why', async () => {
  service.mode = 'down';
  const [In, Out, Status] = [
    await load('SignedIn'),
    await load('SignedOut'),
    await load('AuthStatus'),
  ];
  const { container } = render(
    <>
      <In>members</In>
      <Out>strangers</Out>
      <Status />
    </>,
  );
  await waitFor(() => expect(screen.getByRole('status').textContent).toMatch(/cannot be reached/));
  expect(container.textContent).not.toMatch(/members|strangers/);
});

test.each(['AuthSignInPage', 'AuthSignUpPage', 'AuthAccountPage', 'AuthNavbarItem', 'SignedIn'])(
  '%s renders on the server without asking for anything',
  async (name) => {
    const Component = await load(name);
    expect(renderToString(<Component>members only</Component>)).not.toContain('members only');
    expect(service.asked).toEqual([]);
  },
);
