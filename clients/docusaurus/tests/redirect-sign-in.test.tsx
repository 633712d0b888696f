/** Sign-in by a visit to a provider, from the button to the page from which it started. */
// @vitest-environment jsdom
import { act, render, screen, waitFor } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { createFakeService } from './support/fake-service.js';
import { refusalOf } from './support/fake-redirect.js';
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

test('the code signs in once although effects run twice, and leads back to where the sign-in started', async () => {
  const code = issueCode(fake.service, await startSignIn('/exercises?a=1#b'));
  await returnWith(`auth_code=${code}`);
  expect(location.href).not.toContain(code);
  await waitFor(async () => expect(await visited()).toEqual(['/exercises?a=1#b']));
  expect(sent('/redirect/redeem')).toBe(1);
  expect(fake.service.bodies.get('/redirect/redeem')).toEqual({
    code,
    code_verifier: expect.stringMatching(/^[\w-]{43}$/) as string,
  });
  expect(storedFlow()).toBeNull();
});

test('a page that is mounted twice redeems the code once', async () => {
  const code = issueCode(fake.service, await startSignIn());
  await returnWith(`auth_code=${code}`);
  const Redirect = await load('AuthRedirect');
  render(<Redirect result={{ purpose: 'auth_code', token: code }} />);
  await waitFor(async () => expect(await visited()).toHaveLength(1));
  expect(sent('/redirect/redeem')).toBe(1);
});

test('a forged code says so and leaves the sign-in that is under way', async () => {
  const code = issueCode(fake.service, await startSignIn('/exercises'));
  for (const [forged, sentence] of [
    ['F'.repeat(43), /This sign-in is not valid, so it was not used/],
    ['G'.repeat(43), /This tab started another sign-in than the one that arrived/],
  ] as const) {
    if (forged.startsWith('G')) fake.service.codes.set(forged, { challenge: 'of a stranger' });
    await returnWith(`auth_code=${forged}`);
    expect(await screen.findByText(sentence)).toBeTruthy();
    expect(storedFlow()?.provider).toBe('dev');
  }
  await returnWith('auth_error=access_denied');
  await screen.findByText(/was cancelled/);
  await returnWith(`auth_code=${code}`);
  await waitFor(async () => expect(await visited()).toEqual(['/exercises']));
});

test('a code that arrives in another tab is refused by the service, which logs why', async () => {
  const code = issueCode(fake.service, await startSignIn());
  sessionStorage.clear(); // the other tab
  await returnWith(`auth_code=${code}`);
  expect(await screen.findByText(/This tab did not start the sign-in/)).toBeTruthy();
  expect(fake.service.bodies.get('/redirect/redeem')).toEqual({ code });
  expect(screen.getByRole('link', { name: 'Sign in' }).getAttribute('href')).toBe('/sign-in');
  expect(screen.queryByRole('button', { name: 'Try again' })).toBeNull(); // which provider is unknown
  expect(await visited()).toEqual([]);
});

test('the second of two copies of a tab finds the visitor signed in, and goes on', async () => {
  const code = issueCode(fake.service, await startSignIn('/exercises'));
  const copied = sessionStorage.getItem(flowKey) ?? '';
  await returnWith(`auth_code=${code}`);
  await waitFor(async () => expect(await visited()).toEqual(['/exercises']));
  sessionStorage.setItem(flowKey, copied);
  await returnWith(`auth_code=${code}`);
  await waitFor(async () => expect(await visited()).toEqual(['/exercises']));
  expect(screen.queryByRole('alert')?.textContent ?? '').toBe('');
});

test.each(['state_used', 'code_used'])(
  '%s (Back button, reload) is done while signed in, and says so otherwise',
  async (reason) => {
    const code = issueCode(fake.service, await startSignIn('/exercises'));
    await returnWith(`auth_error=${reason}`);
    expect(await screen.findByText(/it can be used only once/)).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Try again' })).toBeTruthy();
    await returnWith(`auth_code=${code}`);
    await waitFor(async () => expect(await visited()).toHaveLength(1));
    await returnWith(`auth_error=${reason}`);
    expect(await screen.findByText(/there is nothing left to do/)).toBeTruthy();
    expect(screen.getByText(/You are signed in as Ada Lovelace/)).toBeTruthy();
    expect(screen.queryByText(/only once/)).toBeNull();
  },
);

test.each([
  '//evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  'https://evil.example/',
  'javascript:alert(1)',
  '/%2F/evil.example',
  '/\t/evil.example',
  '',
])('the stored path %j leads to the home page, never to another site', async (path) => {
  const code = issueCode(fake.service, await startSignIn());
  sessionStorage.setItem(flowKey, JSON.stringify({ ...storedFlow(), path }));
  await returnWith(`auth_code=${code}`);
  await waitFor(async () => expect(await visited()).toEqual(['/']));
});

test('"Try again" starts the same provider anew, to the same page', async () => {
  const first = await startSignIn('/exercises');
  await returnWith('auth_error=provider_timeout&request_id=5f0c1f0e-1c3f-4b6e-9c36-0c4f1df3a001');
  expect(await screen.findByText(/Dev ID does not answer right now/)).toBeTruthy();
  expect(screen.getByText('5f0c1f0e-1c3f-4b6e-9c36-0c4f1df3a001')).toBeTruthy();
  expect(screen.getByRole('link', { name: 'Use your password' }).getAttribute('href')).toBe(
    '/sign-in?from=%2Fexercises',
  );
  press('Try again');
  await waitFor(() => expect(left).toHaveLength(2));
  expect(left[1]?.searchParams.get('provider')).toBe('dev');
  expect(left[1]?.searchParams.get('code_challenge')).not.toBe(
    first.searchParams.get('code_challenge'),
  );
  expect(storedFlow()?.path).toBe('/exercises');
});

test('a reload of the page that finishes a sign-in says that it was interrupted', async () => {
  await startSignIn();
  await returnWith('');
  expect(await screen.findByText('The sign-in with Dev ID was interrupted.')).toBeTruthy();
  press('Try again');
  await waitFor(() => expect(left).toHaveLength(2));
});

test('an outage uses up nothing: the same code is redeemed a moment later', async () => {
  const code = issueCode(fake.service, await startSignIn('/exercises'));
  fake.service.refuse.set('/redirect/redeem', {
    status: 503,
    body: { code: 'DATABASE_UNAVAILABLE' },
  });
  await returnWith(`auth_code=${code}`);
  expect(await screen.findByText(/cannot answer right now/)).toBeTruthy();
  fake.service.refuse.clear();
  press('Try again');
  await waitFor(async () => expect(await visited()).toEqual(['/exercises']));
});

test('a browser that refuses the cookie is told so, with a way to try again', async () => {
  fake.service.storesCookie = false;
  const code = issueCode(fake.service, await startSignIn());
  await returnWith(`auth_code=${code}`);
  expect(await screen.findByText(/does not send the cookie of auth.example.com back/)).toBeTruthy();
  press('Try again');
  await waitFor(() => expect(left).toHaveLength(2));
});

test('where bearer tokens are on, the token takes the place of the cookie', async () => {
  fake.service = createFakeService({ storesCookie: false, issuesToken: true });
  fake.service.features = offered;
  const code = issueCode(fake.service, await startSignIn('/exercises'));
  await returnWith(`auth_code=${code}`);
  await waitFor(async () => expect(await visited()).toEqual(['/exercises']));
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

test('no text of the address or of a provider is shown', async () => {
  await startSignIn();
  await returnWith(
    'auth_error=call_0800_123&request_id=call-this-number&error_description=Call+0800',
  );
  expect(await screen.findByText('The sign-in did not succeed.')).toBeTruthy();
  expect(document.body.textContent).not.toMatch(/0800|call/i);
  fake.service.refuse.set('/redirect/redeem', refusalOf('sign_up_closed', 403));
  await returnWith(`auth_code=${'C'.repeat(43)}`);
  expect(await screen.findByText(/Dev ID cannot create one here/)).toBeTruthy();
  expect(document.body.textContent).not.toContain('A text of the service.');
});

test('the pages know nothing of a provider that the features describe wrongly', async () => {
  fake.service.features = {
    socialProviders: [...providers, null, { id: 'x' }, { id: '', label: 'y', kind: 'z' }],
  };
  const SignIn = await load('AuthSignInPage');
  render(<SignIn />);
  await waitFor(() => expect(buttons()).toHaveLength(2));
});
