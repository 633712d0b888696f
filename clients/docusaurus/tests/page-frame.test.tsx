/** Protected pages, and the redirects to the sign-in page and back: what is shown at each moment. */
// @vitest-environment jsdom
import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import type { ComponentType } from 'react';
import { renderToString } from 'react-dom/server';
import { expect, test, vi } from 'vitest';
import { password, user } from './support/fake-service.js';
import { useFakeService } from './support/use-fake-service.js';

vi.mock('./support/docusaurus/useGlobalData.js', async () => {
  const { readOptions } = await import('../src/options.js');
  const options = { authUrl: 'https://auth.example.com', protectedPaths: ['/docs/members/**'] };
  return { usePluginData: () => readOptions(options) };
});

const fake = useFakeService();

const secret = 'The members’ text';

async function open(pathname: string, { search = '', hash = '' } = {}) {
  const { currentLocation, visited } = await import('./support/docusaurus/router.js');
  Object.assign(currentLocation, { pathname, search, hash });
  const { withPageFrame } = await import('../src/client/page-frame.jsx');
  const preload = vi.fn();
  const Page: ComponentType = withPageFrame(Object.assign(() => <p>{secret}</p>, { preload }));
  return { Page, visited, preload };
}

async function signInBefore() {
  await fake.service.fetch('https://auth.example.com/api/auth/sign-in/email', {
    method: 'POST',
    body: JSON.stringify({ email: user.email, password }),
  });
}

test('a deep link while signed out redirects to the sign-in page and never shows the text', async () => {
  const { Page, visited } = await open('/docs/members/a', { search: '?b=1', hash: '#c' });
  const { container } = render(<Page />);
  const seen: string[] = [];
  new MutationObserver(() => seen.push(container.textContent)).observe(container, {
    childList: true,
    subtree: true,
    characterData: true,
  });
  expect(container.textContent).toContain('Checking whether you are signed in');
  await waitFor(() => expect(visited).toEqual(['/sign-in?from=%2Fdocs%2Fmembers%2Fa%3Fb%3D1%23c']));
  expect([...seen, container.textContent].join()).not.toContain(secret);
});

test('a signed-in reader sees the page, and loses it when the session ends', async () => {
  await signInBefore();
  const { Page, visited } = await open('/docs/members/a');
  render(<Page />);
  expect(await screen.findByText(secret)).toBeTruthy();
  expect(visited).toEqual([]);
  fake.service.endSessions();
  window.dispatchEvent(new Event('online'));
  await waitFor(() => expect(screen.queryByText(secret)).toBeNull());
  expect(visited).toHaveLength(1);
});

test('during an outage there is a message with a retry button, and no redirect', async () => {
  await signInBefore();
  fake.service.mode = 'database-down';
  const { Page, visited } = await open('/docs/members/a');
  render(<Page />);
  expect(await screen.findByText(/cannot answer right now/)).toBeTruthy();
  expect(visited).toEqual([]);
  fake.service.mode = 'up';
  const retry = screen.getByRole('button', { name: 'Try again' });
  expect(retry.closest('.auth-page')).not.toBeNull(); // whose styles give it the size of a touch target
  fireEvent.click(retry);
  expect(await screen.findByText(secret)).toBeTruthy();
});

test('an outage while the page is open hides nothing', async () => {
  await signInBefore();
  const { Page } = await open('/docs/members/a');
  render(<Page />);
  await screen.findByText(secret);
  const before = fake.service.requests.length;
  fake.service.mode = 'down';
  window.dispatchEvent(new Event('online'));
  await waitFor(() => expect(fake.service.requests.length).toBeGreaterThan(before));
  expect(screen.getByText(secret)).toBeTruthy();
});

test('the server renders a protected page without its text, another page with it', async () => {
  const { Page } = await open('/docs/members/a');
  const html = renderToString(<Page />);
  expect(html).not.toContain(secret);
  expect(html).toContain('noindex');
  const other = await open('/docs/intro');
  const otherHtml = renderToString(<other.Page />);
  expect(otherHtml).toContain(secret);
  expect(otherHtml).not.toContain('noindex');
  expect(fake.service.requests).toEqual([]);
});

test('Docusaurus can still prefetch a page', async () => {
  const { Page, preload } = await open('/docs/intro');
  (Page as unknown as { preload: () => void }).preload();
  expect(preload).toHaveBeenCalledTimes(1);
});

test.each([
  ['?from=%2Fexercises%3Fa%3D1%23b', ['/exercises?a=1#b']],
  ['?from=%2F%2Fevil.example', []],
  ['', []],
])('the sign-in page with %s redirects a signed-in visitor to %j', async (search, goals) => {
  await signInBefore();
  const { Page, visited } = await open('/sign-in', { search });
  render(<Page />);
  await waitFor(() => expect(fake.service.requests).toContain('/get-session'));
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(visited).toEqual(goals);
});

test.each(['/sign-in', '/sign-up/', '/account'])('%s is noindex', async (path) => {
  const { Page } = await open(path);
  expect(renderToString(<Page />)).toContain('content="noindex"');
});

test('the sign-in link returns to this page, with query and hash', async () => {
  await open('/cookies', { search: '?a=1', hash: '#b' });
  const { default: SignInLink } = await import('../src/theme/SignInLink.jsx');
  render(<SignInLink />);
  const link = screen.getByRole('link', { name: 'Sign in' });
  expect(link.getAttribute('href')).toBe('/sign-in?from=%2Fcookies%3Fa%3D1%23b');
});

test('on the sign-up page the sign-in link keeps the return path', async () => {
  await open('/sign-up', { search: '?from=%2Fcookies' });
  const { default: SignInLink } = await import('../src/theme/SignInLink.jsx');
  render(<SignInLink>Come in</SignInLink>);
  const link = screen.getByRole('link', { name: 'Come in' });
  expect(link.getAttribute('href')).toBe('/sign-in?from=%2Fcookies');
});
