/** A Content-Security-Policy that blocks the auth service is reported as the cause, not the connection. */
import { expect, test } from 'vitest';
import { createAuth } from '../src/client/create-auth.js';
import { watchPolicyViolations } from '../src/client/policy-violations.js';
import { readOptions } from '../src/options.js';

const authUrl = 'https://auth.example.com';
const apiUrl = 'https://api.example.com';

function blocked(url: string, given: object = {}): Event {
  const violation = { blockedURI: url, effectiveDirective: 'connect-src', disposition: 'enforce' };
  return Object.assign(new Event('securitypolicyviolation'), violation, given);
}

/** A page whose policy blocks every call; the violation is reported in a later task. */
function openPage(report = (url: string) => blocked(url)) {
  const page = new EventTarget();
  const warnings: string[] = [];
  const auth = createAuth(readOptions({ authUrl, apiOrigins: [apiUrl] }), {
    fetch(input, init) {
      const { url } = new Request(input, init);
      setTimeout(() => page.dispatchEvent(report(url)));
      return Promise.reject(new TypeError('Failed to fetch'));
    },
    pageOrigin: 'https://docs.example.com',
    sessionStorage: undefined,
    warn: (message) => warnings.push(message),
    violations: watchPolicyViolations(page),
  });
  return { auth, warnings };
}

test('the page and the console name the policy and the address to add', async () => {
  const { auth, warnings } = openPage();
  await auth.sessions.recheck();
  const message = expect.stringMatching(
    /Content-Security-Policy blocks calls to https:\/\/auth\.example\.com.*connect-src/,
  ) as string;
  expect(auth.sessions.state()).toEqual({ status: 'unknown', problem: message });
  expect(await auth.actions.signIn({ email: 'a@b.example', password: 'x' })).toMatchObject({
    code: 'CSP_REFUSED',
    message,
  });
  expect(warnings).toHaveLength(1);
});

test('a blocked API is named in the console', async () => {
  const { auth, warnings } = openPage();
  await expect(auth.apiFetch(`${apiUrl}/private`)).rejects.toThrow('Failed to fetch');
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(warnings).toEqual([expect.stringContaining(`blocks calls to ${apiUrl}`)]);
});

test.each([
  ['another address', () => blocked('https://elsewhere.example/x')],
  ['a policy that only reports', (url: string) => blocked(url, { disposition: 'report' })],
  ['an image', (url: string) => blocked(url, { effectiveDirective: 'img-src' })],
  ['no address', () => blocked('inline')],
])('%s is not reported as the cause', async (_what, report) => {
  const { auth } = openPage(report);
  await auth.sessions.recheck();
  expect(auth.sessions.state()).toMatchObject({
    problem: expect.stringMatching(/be reached/) as string,
  });
});
