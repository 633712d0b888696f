/** What follows a visit to a provider: a code or an error in the address, and the page from which the sign-in started. */
// @vitest-environment jsdom
import { render, screen, waitFor } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { createFakeService } from './support/fake-service.js';
import { refusalOf } from './support/fake-redirect.js';
import { load, press } from './support/page-driver.js';
import {
  issueCode,
  left,
  offered,
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
const flowKey = 'auth-service.flow https://auth.example.com';
const storedFlow = () =>
  JSON.parse(sessionStorage.getItem(flowKey) ?? 'null') as Record<string, unknown> | null;

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

test('until the service has said who is signed in, a used sign-in claims nothing', async () => {
  await startSignIn();
  const answers: (() => void)[] = [];
  vi.stubGlobal('fetch', async (...call: Parameters<typeof fetch>) => {
    const response = await fake.service.fetch(...call);
    const { url } = new Request(...call);
    if (url.endsWith('/get-session')) await new Promise<void>((resolve) => answers.push(resolve));
    return response;
  });
  await returnWith('auth_error=state_used');
  await waitFor(() => expect(answers).not.toEqual([]));
  expect(screen.getByText('Signing you in…')).toBeTruthy();
  expect(screen.queryByText(/only once/)).toBeNull();
  for (const answer of answers) answer();
  expect(await screen.findByText(/only once/)).toBeTruthy();
});

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

test('a browser that refuses the cookie shows the reason, with a way to try again', async () => {
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
