/** Taking the token of a mailed link out of the address. */
import { runInNewContext } from 'node:vm';
import { expect, test, vi } from 'vitest';
import { createMailedLinks, takeLinkScript, type LinkWindow } from '../src/client/mailed-link.js';

const token = 'a'.repeat(43);

function open(hash: string) {
  const listeners = new Map<string, () => void>();
  const location = { hash, pathname: '/auth/confirm/', search: '?a=1' };
  const replaceState = vi.fn<(state: unknown, title: string, url: string) => void>(() => {
    location.hash = '';
  });
  const window: LinkWindow = {
    location,
    history: { state: { key: 'router' }, replaceState },
    addEventListener: (type, listener) => void listeners.set(type, listener),
  };
  return { window, location, replaceState, listeners };
}

test.each(['verify_email', 'reset_password', 'confirm_provider'])(
  'the token of %s leaves the address, and path, query and the router’s state stay',
  (purpose) => {
    const { window, replaceState } = open(`#${purpose}=${token}`);
    expect(createMailedLinks(window).current()).toEqual({ purpose, token });
    expect(replaceState.mock.calls).toEqual([[{ key: 'router' }, '', '/auth/confirm/?a=1']]);
  },
);

test.each([
  [`#auth_code=${token}`, { purpose: 'auth_code', token, requestId: undefined }],
  [`#auth_code=${token}&iss=x`, { purpose: 'auth_code', token, requestId: undefined }],
  [
    '#auth_error=access_denied&request_id=r-1',
    { purpose: 'auth_error', token: 'access_denied', requestId: 'r-1' },
  ],
])('the result %s of a visit to a provider leaves the address', (hash, result) => {
  const { window, location } = open(hash);
  expect(createMailedLinks(window).current()).toEqual(result);
  expect(location.hash).toBe('');
});

test.each([
  '',
  '#heading',
  '#verify_email=',
  '#verify_email=short',
  `#other=${token}`,
  `#verify_email=${token}&x`,
  '#auth_code=',
  '#auth_codes=x',
  '#auth_error=<script>',
])('the fragment %o is no mailed link and stays', (hash) => {
  const { window, replaceState } = open(hash);
  expect(createMailedLinks(window).current()).toBeUndefined();
  expect(replaceState).not.toHaveBeenCalled();
});

test('the script in the head takes the token first, and hands it over once', () => {
  const { window, location, replaceState } = open(`#reset_password=${token}`);
  runInNewContext(takeLinkScript, { window, location, history: window.history });
  expect(location.hash).toBe('');
  const links = createMailedLinks(window);
  expect(links.current()).toEqual({ purpose: 'reset_password', token });
  expect(window.authServiceLink).toBeUndefined();
  expect(replaceState).toHaveBeenCalledTimes(1);
});

test('the script in the head takes the code of a visit to a provider as well', () => {
  const { window, location } = open(`#auth_code=${token}`);
  runInNewContext(takeLinkScript, { window, location, history: window.history });
  expect(location.hash).toBe('');
  expect(createMailedLinks(window).current()).toMatchObject({ purpose: 'auth_code', token });
});

test('a second link that is opened in the same tab replaces the first, without a page load', () => {
  const { window, location, listeners } = open(`#verify_email=${token}`);
  const links = createMailedLinks(window);
  const listener = vi.fn();
  links.subscribe(listener);
  location.hash = `#reset_password=${'b'.repeat(43)}`;
  listeners.get('popstate')?.();
  expect(links.current()?.purpose).toBe('reset_password');
  expect(location.hash).toBe('');
  expect(listener).toHaveBeenCalledTimes(1);
  links.clear();
  expect(links.current()).toBeUndefined();
});

test('while the site is built there is no link', () => {
  expect(createMailedLinks(undefined).current()).toBeUndefined();
});
