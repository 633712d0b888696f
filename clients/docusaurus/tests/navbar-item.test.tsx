/** The navbar item: the sign-in link, and the user menu with mouse and keyboard. */
// @vitest-environment jsdom
import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import { renderToString } from 'react-dom/server';
import { expect, test } from 'vitest';
import { user } from './support/fake-service.js';
import { load, press, router, signIn } from './support/page-driver.js';
import { useFakeService } from './support/use-fake-service.js';

const fake = useFakeService();

async function renderSignedIn(props: Record<string, unknown> = {}): Promise<void> {
  const [SignIn, Item] = [await load('AuthSignInPage'), await load('AuthNavbarItem')];
  const page = render(<SignIn />);
  await signIn();
  page.rerender(<Item {...props} />);
}

test('the sign-in link returns to the full address, with query and hash', async () => {
  const Item = await load('AuthNavbarItem');
  Object.assign((await router()).currentLocation, {
    pathname: '/cookies',
    search: '?a=1&b=2',
    hash: '#sites',
  });
  render(<Item />);
  const link = await screen.findByRole('link', { name: 'Sign in' });
  const address = new URL(link.getAttribute('href') ?? '', 'https://docs.example.com');
  expect(address.pathname).toBe('/sign-in');
  expect(address.searchParams.get('from')).toBe('/cookies?a=1&b=2#sites');
});

test('on the sign-up page the sign-in link keeps the return path', async () => {
  const Item = await load('AuthNavbarItem');
  Object.assign((await router()).currentLocation, {
    pathname: '/sign-up/',
    search: '?from=%2Fx',
    hash: '',
  });
  render(<Item />);
  const link = await screen.findByRole('link', { name: 'Sign in' });
  expect(link.getAttribute('href')).toBe('/sign-in?from=%2Fx');
});

test('the menu opens with the account link, and closes on an outside press and on Escape', async () => {
  await renderSignedIn();
  const button = screen.getByRole('button', { name: user.name });
  expect(screen.queryByRole('link', { name: 'Your account' })).toBeNull();
  press(user.name);
  expect(button.getAttribute('aria-expanded')).toBe('true');
  expect(document.getElementById(button.getAttribute('aria-controls') ?? '')).not.toBeNull();
  expect(screen.getByRole('link', { name: 'Your account' }).getAttribute('href')).toBe('/account');
  expect(screen.getByText(user.email)).toBeTruthy();
  screen.getByRole('link', { name: 'Your account' }).focus();
  fireEvent.keyDown(document.activeElement ?? button, { key: 'Escape' });
  expect(button.getAttribute('aria-expanded')).toBe('false');
  expect(document.activeElement).toBe(button);
  press(user.name);
  fireEvent.pointerDown(document.body);
  expect(button.getAttribute('aria-expanded')).toBe('false');
});

test('the arrow keys move through the menu', async () => {
  await renderSignedIn();
  const button = screen.getByRole('button', { name: user.name });
  button.focus();
  const keys = ['ArrowDown', 'ArrowDown', 'ArrowDown', 'End', 'Home', 'ArrowUp'];
  const focused = [
    'Your account',
    'Sign out',
    'Your account',
    'Sign out',
    'Your account',
    'Sign out',
  ];
  for (const [index, key] of keys.entries()) {
    fireEvent.keyDown(document.activeElement ?? button, { key });
    await waitFor(() => expect(document.activeElement?.textContent).toBe(focused[index]));
  }
});

test.each([
  ['in the navbar', {}],
  ['in the menu of narrow screens', { mobile: true }],
  ['in a dropdown', { isDropdownItem: true }],
  ['in a dropdown of narrow screens', { mobile: true, isDropdownItem: true }],
])('signing out %s is announced, and the focus is on the sign-in link', async (where, props) => {
  await renderSignedIn(props);
  if (where === 'in the navbar') press(user.name);
  expect(screen.getByText(user.email)).toBeTruthy();
  press('Sign out');
  const link = await screen.findByRole('link', { name: 'Sign in' });
  await waitFor(() => expect(screen.getByRole('status').textContent).toBe('You are signed out.'));
  expect(document.activeElement).toBe(link);
});

test('a failed sign-out shows its error in the menu, and the user stays signed in', async () => {
  await renderSignedIn();
  press(user.name);
  fake.service.mode = 'down';
  press('Sign out');
  await waitFor(() => expect(screen.getByRole('alert').textContent).toMatch(/cannot be reached/));
  expect(screen.getByRole('button', { name: user.name })).toBeTruthy();
});

test('while the service asks to wait, the menu counts down and sends nothing', async () => {
  await renderSignedIn();
  press(user.name);
  const headers = { 'retry-after': '9' };
  fake.service.refuse.set('/sign-out', { status: 503, body: { code: 'SERVICE_BUSY' }, headers });
  press('Sign out');
  const shown = () => screen.getByRole('alert').querySelector('[aria-hidden]')?.textContent;
  await waitFor(() => expect(shown()).toMatch(/Try again in [78] seconds/), { timeout: 3000 });
  const before = fake.service.requests.length;
  expect(press('Sign out').getAttribute('aria-disabled')).toBe('true');
  expect(fake.service.requests.length).toBe(before);
});

test('in a dropdown the sign-in link is rendered before the session is known', async () => {
  const Item = await load('AuthNavbarItem');
  expect(renderToString(<Item isDropdownItem />)).toMatch(
    /^<li><a [^>]*class="dropdown__link"[^>]*>Sign in<\/a><span role="status"[^>]*><\/span><\/li>$/,
  );
});
