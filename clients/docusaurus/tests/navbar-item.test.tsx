/** The navbar item: the way in, and the menu behind the name, by mouse and by keyboard. */
// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { renderToString } from 'react-dom/server';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createFakeService, user, type FakeService } from './support/fake-service.js';
import { load, press, router, signIn } from './support/page-driver.js';

let service: FakeService;
beforeEach(() => {
  vi.resetModules();
  service = createFakeService();
  vi.stubGlobal('fetch', (...call: Parameters<typeof fetch>) => service.fetch(...call));
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

async function renderSignedIn(props: Record<string, unknown> = {}): Promise<void> {
  const [SignIn, Item] = [await load('AuthSignInPage'), await load('AuthNavbarItem')];
  const page = render(<SignIn />);
  await signIn();
  page.rerender(<Item {...props} />);
}

test('the way in leads back to the whole address, with its query and its hash', async () => {
  const Item = await load('AuthNavbarItem');
  Object.assign((await router()).place, {
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

test('from the sign-up page it stays known where the visitor wanted to go', async () => {
  const Item = await load('AuthNavbarItem');
  Object.assign((await router()).place, { pathname: '/sign-up/', search: '?from=%2Fx', hash: '' });
  render(<Item />);
  const link = await screen.findByRole('link', { name: 'Sign in' });
  expect(link.getAttribute('href')).toBe('/sign-in?from=%2Fx');
});

test('the menu opens, has the account and the way out, and closes outside and by Escape', async () => {
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

test('the arrows go through the menu', async () => {
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
])(
  '%s one can sign out, which is announced, and the focus is on the way in',
  async (where, props) => {
    await renderSignedIn(props);
    if (where === 'in the navbar') press(user.name);
    expect(screen.getByText(user.email)).toBeTruthy();
    press('Sign out');
    const link = await screen.findByRole('link', { name: 'Sign in' });
    await waitFor(() => expect(screen.getByRole('status').textContent).toBe('You are signed out.'));
    expect(document.activeElement).toBe(link);
  },
);

test('a sign-out that fails is told in the menu, and nobody is signed out', async () => {
  await renderSignedIn();
  press(user.name);
  service.mode = 'down';
  press('Sign out');
  await waitFor(() => expect(screen.getByRole('alert').textContent).toMatch(/cannot be reached/));
  expect(screen.getByRole('button', { name: user.name })).toBeTruthy();
});

test('where the service wants to be left alone, the menu counts down and sends nothing meanwhile', async () => {
  await renderSignedIn();
  press(user.name);
  const headers = { 'retry-after': '9' };
  service.refuse.set('/sign-out', { status: 503, body: { code: 'SERVICE_BUSY' }, headers });
  press('Sign out');
  const shown = () => screen.getByRole('alert').querySelector('[aria-hidden]')?.textContent;
  await waitFor(() => expect(shown()).toMatch(/Try again in [78] seconds/), { timeout: 3000 });
  const asked = service.asked.length;
  expect(press('Sign out').getAttribute('aria-disabled')).toBe('true');
  expect(service.asked.length).toBe(asked);
});

test('in a dropdown the way in is a link before it is known who reads', async () => {
  const Item = await load('AuthNavbarItem');
  expect(renderToString(<Item isDropdownItem />)).toMatch(
    /^<li><a [^>]*class="dropdown__link"[^>]*>Sign in<\/a><span role="status"[^>]*><\/span><\/li>$/,
  );
});
