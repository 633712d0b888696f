/** Pages for signed-in readers, and the way through the sign-in page: what a reader sees at each moment. */
// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import type { ComponentType } from 'react';
import { renderToString } from 'react-dom/server';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createFakeService, password, user, type FakeService } from './support/fake-service.js';

vi.mock('./support/docusaurus/useGlobalData.js', async () => {
  const { readOptions } = await import('../src/options.js');
  const options = { authUrl: 'https://auth.example.com', protectedPaths: ['/docs/members/**'] };
  return { usePluginData: () => readOptions(options) };
});

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

const secret = 'The members’ text';

async function open(pathname: string, { search = '', hash = '' } = {}) {
  const { place, visited } = await import('./support/docusaurus/router.js');
  Object.assign(place, { pathname, search, hash });
  const { withPageFrame } = await import('../src/client/page-frame.jsx');
  const load = vi.fn();
  const Page: ComponentType = withPageFrame(
    Object.assign(() => <p>{secret}</p>, { preload: load }),
  );
  return { Page, visited, load };
}

async function signInBefore() {
  await service.fetch('https://auth.example.com/api/auth/sign-in/email', {
    method: 'POST',
    body: JSON.stringify({ email: user.email, password }),
  });
}

test('a deep link without a sign-in leads to the sign-in page in its place, and shows no text on the way', async () => {
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

test('whoever is signed in reads the page, and loses it with the sign-in', async () => {
  await signInBefore();
  const { Page, visited } = await open('/docs/members/a');
  render(<Page />);
  expect(await screen.findByText(secret)).toBeTruthy();
  expect(visited).toEqual([]);
  service.endSessions();
  window.dispatchEvent(new Event('online'));
  await waitFor(() => expect(screen.queryByText(secret)).toBeNull());
  expect(visited).toHaveLength(1);
});

test('where nobody can tell, there is a sentence and a way to try again, and nobody is sent away', async () => {
  await signInBefore();
  service.mode = 'database-down';
  const { Page, visited } = await open('/docs/members/a');
  render(<Page />);
  expect(await screen.findByText(/cannot answer right now/)).toBeTruthy();
  expect(visited).toEqual([]);
  service.mode = 'up';
  const retry = screen.getByRole('button', { name: 'Try again' });
  expect(retry.closest('.auth-page')).not.toBeNull(); // which makes it large enough to be met
  fireEvent.click(retry);
  expect(await screen.findByText(secret)).toBeTruthy();
});

test('a service that fails while the page is read takes nothing away', async () => {
  await signInBefore();
  const { Page } = await open('/docs/members/a');
  render(<Page />);
  await screen.findByText(secret);
  const asked = service.asked.length;
  service.mode = 'down';
  window.dispatchEvent(new Event('online'));
  await waitFor(() => expect(service.asked.length).toBeGreaterThan(asked));
  expect(screen.getByText(secret)).toBeTruthy();
});

test('on the server a protected page is built without its text, another one with it', async () => {
  const { Page } = await open('/docs/members/a');
  const html = renderToString(<Page />);
  expect(html).not.toContain(secret);
  expect(html).toContain('noindex');
  const other = await open('/docs/intro');
  const otherHtml = renderToString(<other.Page />);
  expect(otherHtml).toContain(secret);
  expect(otherHtml).not.toContain('noindex');
  expect(service.asked).toEqual([]);
});

test('Docusaurus can still load a page ahead of showing it', async () => {
  const { Page, load } = await open('/docs/intro');
  (Page as unknown as { preload: () => void }).preload();
  expect(load).toHaveBeenCalledTimes(1);
});

test.each([
  ['?from=%2Fexercises%3Fa%3D1%23b', ['/exercises?a=1#b']],
  ['?from=%2F%2Fevil.example', []],
  ['', []],
])('on the sign-in page with %s, whoever is signed in goes to %j', async (search, goals) => {
  await signInBefore();
  const { Page, visited } = await open('/sign-in', { search });
  render(<Page />);
  await waitFor(() => expect(service.asked).toContain('/get-session'));
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(visited).toEqual(goals);
});

test.each(['/sign-in', '/sign-up/', '/account'])('%s is not for search engines', async (path) => {
  const { Page } = await open(path);
  expect(renderToString(<Page />)).toContain('content="noindex"');
});

test('the link to the sign-in page leads back to this page, query and hash included', async () => {
  await open('/cookies', { search: '?a=1', hash: '#b' });
  const { default: SignInLink } = await import('../src/theme/SignInLink.jsx');
  render(<SignInLink />);
  const link = screen.getByRole('link', { name: 'Sign in' });
  expect(link.getAttribute('href')).toBe('/sign-in?from=%2Fcookies%3Fa%3D1%23b');
});

test('on the sign-up page the page to go back to stays the one it was asked from', async () => {
  await open('/sign-up', { search: '?from=%2Fcookies' });
  const { default: SignInLink } = await import('../src/theme/SignInLink.jsx');
  render(<SignInLink>Come in</SignInLink>);
  const link = screen.getByRole('link', { name: 'Come in' });
  expect(link.getAttribute('href')).toBe('/sign-in?from=%2Fcookies');
});
