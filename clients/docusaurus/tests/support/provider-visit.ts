/** Drives a visit to a provider in jsdom: the page is left, the fake service issues a code, and the page is loaded anew. */
import { cleanup, render, screen } from '@testing-library/react';
import { createElement } from 'react';
import { afterEach, beforeEach, expect, vi } from 'vitest';
import type { FakeCode } from './fake-redirect.js';
import type { FakeService } from './fake-service.js';
import { load } from './page-driver.js';

export const providers = [
  { id: 'dev', label: 'Dev ID', kind: 'oidc' },
  { id: 'github', label: 'GitHub', kind: 'github' },
];
export const offered = { socialProviders: providers, socialSignUp: true };

/** The addresses for which the page was left: a mock of `leave-page.ts` adds them. */
export const left: URL[] = [];

const addListener = vi.spyOn(window, 'addEventListener');

/** Before each test the service offers the providers; after it the browser is as new. */
export function useProviders(fake: { readonly service: FakeService }): void {
  beforeEach(() => {
    left.length = 0;
    fake.service.features = offered;
  });
  afterEach(() => {
    vi.restoreAllMocks();
    // Otherwise the client of this test would take the fragments of the next one.
    for (const [type, listener] of addListener.mock.calls) {
      window.removeEventListener(type, listener);
    }
    history.replaceState(null, '', '/');
    sessionStorage.clear();
    localStorage.clear();
  });
}

/** Clicks "Continue with Dev ID" on the sign-in page. @returns the address for which the page is left */
export async function startSignIn(from = '/exercises?a=1#b'): Promise<URL> {
  const { currentLocation } = await import('./docusaurus/router.js');
  currentLocation.search = `?from=${encodeURIComponent(from)}`;
  const SignIn = await load('AuthSignInPage');
  render(createElement(SignIn));
  const before = left.length;
  (await screen.findByRole('button', { name: 'Continue with Dev ID' })).click();
  await vi.waitFor(() => expect(left).toHaveLength(before + 1));
  return left[before] as URL;
}

/** The service issues a code for a start. */
export function issueCode(
  service: FakeService,
  start: URL,
  fields: Partial<FakeCode> = {},
): string {
  const code = `code-${service.codes.size}-${'C'.repeat(36)}`;
  service.codes.set(code, { challenge: start.searchParams.get('code_challenge') ?? '', ...fields });
  return code;
}

/** Loads the page that finishes sign-ins, as a browser does: storage stays, the memory of the last page is gone. */
export async function returnWith(fragment: string, reactStrictMode = true): Promise<void> {
  cleanup();
  vi.resetModules();
  history.replaceState(null, '', `/auth/confirm#${fragment}`);
  const Confirm = await load('AuthConfirmPage');
  render(createElement(Confirm), { reactStrictMode });
}

/** Where the router went since the last page load. */
export async function visited(): Promise<readonly string[]> {
  return (await import('./docusaurus/router.js')).visited;
}
