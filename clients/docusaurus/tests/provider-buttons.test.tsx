/** The buttons that sign in with a provider, and what a click on them does. */
// @vitest-environment jsdom
import { act, render, screen, waitFor } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { load, press, signIn } from './support/page-driver.js';
import {
  issueCode,
  left,
  offered,
  providers,
  returnWith,
  startSignIn,
  useProviders,
  visited,
} from './support/provider-visit.js';
import { useFakeService } from './support/use-fake-service.js';

vi.mock('../src/client/redirect/leave-page.js', () => ({
  leavePage: (url: string) => left.push(new URL(url)),
}));

const fake = useFakeService();
useProviders(fake);
const sent = (path: string) => fake.service.requests.filter((one) => one === path).length;
const buttons = () => screen.queryAllByRole('button', { name: /^Continue with/ });
const flowKey = 'auth-service.flow https://auth.example.com';
const storedFlow = () =>
  JSON.parse(sessionStorage.getItem(flowKey) ?? 'null') as Record<string, unknown> | null;

test.each(['AuthSignInPage', 'AuthSignUpPage'])(
  '%s has a button for each provider',
  async (name) => {
    const Page = await load(name);
    render(<Page />);
    await waitFor(() => expect(buttons()).toHaveLength(2));
    expect(buttons().map((button) => button.textContent)).toEqual([
      'Continue with Dev ID',
      'Continue with GitHub',
    ]);
    expect(buttons()[0]?.querySelector('svg')?.getAttribute('aria-hidden')).toBe('true');
  },
);

test.each([
  ['an older service', 'AuthSignInPage', {}],
  ['a service without providers', 'AuthSignInPage', { socialProviders: [] }],
  ['closed sign-up', 'AuthSignUpPage', { ...offered, socialSignUp: false }],
])('%s: no buttons on %s', async (_what, name, features) => {
  fake.service.features = features;
  const Page = await load(name);
  render(<Page />);
  await waitFor(() => expect(sent('/features')).toBe(1));
  expect(buttons()).toEqual([]);
  expect(screen.queryByText('or')).toBeNull();
});

test('the button leaves for the service with the challenge, and keeps the verifier in this tab', async () => {
  const url = await startSignIn('/exercises?a=1#b');
  expect(url.origin + url.pathname).toBe('https://auth.example.com/api/auth/redirect/start');
  expect(Object.fromEntries(url.searchParams)).toEqual({
    provider: 'dev',
    return_to: `${location.origin}/auth/confirm`,
    code_challenge: expect.stringMatching(/^[\w-]{43}$/) as string,
  });
  expect(storedFlow()).toEqual({
    purpose: 'signIn',
    provider: 'dev',
    verifier: expect.stringMatching(/^[\w-]{43}$/) as string,
    path: '/exercises?a=1#b',
    startedAt: expect.any(Number) as number,
  });
  expect(url.href).not.toContain(storedFlow()?.verifier);
  expect(localStorage).toHaveLength(0);
});

test('a double click starts once, and after the Back button restored the page it starts anew', async () => {
  await startSignIn();
  const button = press('Continue with Dev ID');
  await waitFor(() => expect(button.getAttribute('aria-busy')).toBe('true'));
  expect(left).toHaveLength(1);
  act(() => void window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
  expect(button.getAttribute('aria-busy')).toBe('false');
  press('Continue with GitHub');
  await waitFor(() => expect(left).toHaveLength(2));
  expect(left[1]?.searchParams.get('code_challenge')).not.toBe(
    left[0]?.searchParams.get('code_challenge'),
  );
  expect(storedFlow()?.provider).toBe('github');
});

test('a browser that stores nothing is not sent away, and reads why', async () => {
  vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
    throw new DOMException('denied', 'SecurityError');
  });
  const SignIn = await load('AuthSignInPage');
  render(<SignIn />);
  await waitFor(() => expect(buttons()).toHaveLength(2));
  const button = press('Continue with Dev ID');
  expect(await screen.findByText(/does not let this site store anything/)).toBeTruthy();
  expect(left).toEqual([]);
  expect(button.getAttribute('aria-busy')).toBe('false');
});

test('without a secure context there is no challenge, and the page is not left', async () => {
  vi.stubGlobal('crypto', { getRandomValues: crypto.getRandomValues.bind(crypto) });
  const SignIn = await load('AuthSignInPage');
  render(<SignIn />);
  await waitFor(() => expect(buttons()).toHaveLength(2));
  press('Continue with Dev ID');
  expect(await screen.findByText(/needs https/)).toBeTruthy();
  expect(left).toEqual([]);
});

test('the provider of the last sign-in is marked, until the password signs in', async () => {
  const code = issueCode(fake.service, await startSignIn());
  await returnWith(`auth_code=${code}`);
  await waitFor(async () => expect(await visited()).toHaveLength(1));
  fake.service.endSessions();
  const open = async () => {
    vi.resetModules();
    document.body.innerHTML = '';
    const SignIn = await load('AuthSignInPage');
    render(<SignIn />);
    await waitFor(() => expect(buttons()).toHaveLength(2));
  };
  await open();
  const [marked, other] = buttons();
  const mark = document.getElementById(marked?.getAttribute('aria-describedby') ?? '');
  expect(mark?.textContent).toBe('Last used');
  expect(other?.hasAttribute('aria-describedby')).toBe(false);
  await signIn();
  fake.service.endSessions();
  await open();
  expect(screen.queryByText('Last used')).toBeNull();
});

test('the pages know nothing of a provider that the features describe wrongly', async () => {
  fake.service.features = {
    socialProviders: [...providers, null, { id: 'x' }, { id: '', label: 'y', kind: 'z' }],
  };
  const SignIn = await load('AuthSignInPage');
  render(<SignIn />);
  await waitFor(() => expect(buttons()).toHaveLength(2));
});
