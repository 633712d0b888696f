/**
 * Passkeys in Chromium with its virtual authenticator, on a plain page that calls the endpoints: site and service on two
 * domains, on two hosts of one domain, on one host, and with related origins. Requires Debian's Chromium.
 */
import type { Server } from 'node:https';
import { chromium, type Browser, type CDPSession, type Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { freePort } from '../../src/dev/free-port.js';
import { startTestService, type TestService } from '../support/test-service.js';
import { startTls } from './system/tls.js';
import { addVirtualAuthenticator } from './virtual-authenticator.js';

interface Place {
  readonly name: string;
  readonly site: string;
  readonly auth: string;
  readonly rpId: string;
  readonly env?: Readonly<Record<string, string>>;
}

const places: readonly Place[] = [
  {
    name: 'two domains',
    site: 'docs.textbook.test',
    auth: 'auth.accounts.test',
    rpId: 'textbook.test',
  },
  {
    name: 'two domains, related origins',
    site: 'docs.textbook.test',
    auth: 'auth.accounts.test',
    rpId: 'auth.accounts.test',
    env: { RP_ID: 'auth.accounts.test' },
  },
  {
    name: 'two hosts of one domain',
    site: 'docs.campus.test',
    auth: 'auth.campus.test',
    rpId: 'campus.test',
  },
  { name: 'one host', site: 'one.school.test', auth: 'one.school.test', rpId: 'school.test' },
];

/** What a page returns of a call. */
interface Called {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

let visitors = 0;

describe.each(places)('$name', ({ site, auth, rpId, env }) => {
  let service: TestService;
  let tls: Server;
  let browser: Browser;
  let page: Page;
  let cdp: CDPSession;
  let authenticatorId: string;
  let urls: { readonly site: string; readonly auth: string };
  const email = () => `visitor-${visitors}@example.com`;

  beforeAll(async () => {
    const port = await freePort();
    urls = { site: `https://${site}:${port}`, auth: `https://${auth}:${port}` };
    service = await startTestService({
      env: {
        BETTER_AUTH_URL: urls.auth,
        BETTER_AUTH_TRUSTED_ORIGINS: urls.site,
        PASSKEYS: 'on',
        RATE_LIMIT_SIGN_IN_PER_ADDRESS: '1000/10s',
        ...env,
      },
    });
    tls = await startTls(port, [site, auth], service.url);
    browser = await chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--ignore-certificate-errors',
        // Browsers read the list of related origins on the standard port.
        `--host-resolver-rules=MAP *:443 127.0.0.1:${port}, MAP *.test 127.0.0.1`,
      ],
    });
  });
  afterAll(async () => {
    await browser.close();
    tls.closeAllConnections();
    tls.close();
    await service.stop();
  });

  beforeEach(async () => {
    visitors += 1;
    const context = await browser.newContext({ ignoreHTTPSErrors: true });
    page = await context.newPage();
    await page.goto(`${urls.site}/page`);
    cdp = await context.newCDPSession(page);
    authenticatorId = await addVirtualAuthenticator(cdp);
    return () => context.close();
  });

  /** Runs a script in the page that can use `call`, `create` and `get`. */
  const run = <T = Called>(body: string) =>
    page.evaluate<T>(`(async () => {
      const call = async (path, body) => {
        const answer = await fetch(${JSON.stringify(urls.auth)} + '/api/auth' + path, {
          credentials: 'include',
          ...(body && {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(body),
          }),
        });
        return { status: answer.status, body: await answer.json() };
      };
      const create = async (changed) => {
        const { body } = await call('/passkey/generate-register-options');
        const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON({ ...body, ...changed });
        const response = (await navigator.credentials.create({ publicKey })).toJSON();
        return call('/passkey/verify-registration', { response });
      };
      const get = async (changed) => {
        const { body } = await call('/passkey/generate-authenticate-options');
        const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON({ ...body, ...changed });
        const response = (await navigator.credentials.get({ publicKey })).toJSON();
        return call('/passkey/verify-authentication', { response });
      };
      ${body}
    })()`);

  const password = 'quiet harbour seventeen lamps';
  const signUp = () =>
    run(
      `return call('/sign-up/email', ${JSON.stringify({ name: 'Ada', email: email(), password })});`,
    );
  const unlock = (isUserVerified: boolean) =>
    cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified });

  test('a passkey is added, and signs in after the sign-out', async () => {
    expect((await signUp()).status).toBe(200);
    const added = await run('return create();');
    expect(added.body).toMatchObject({ session: { aal: 2 } });
    const { credentials } = await cdp.send('WebAuthn.getCredentials', { authenticatorId });
    expect(credentials).toMatchObject([{ rpId, isResidentCredential: true }]);
    expect((await run(`return call('/sign-out', {});`)).status).toBe(200);
    const signedIn = await run('return get();');
    expect(signedIn.body).toMatchObject({ user: { email: email() }, session: { aal: 2 } });
    const { body } = await run(`return call('/get-session');`);
    expect(body).toMatchObject({ user: { email: email() } });
  });

  test('a passkey is not added twice on one device', async () => {
    await signUp();
    await run('return create();');
    await expect(run('return create();')).rejects.toThrow('InvalidStateError');
  });

  test('a device that does not verify its user gets no passkey', async () => {
    await signUp();
    await unlock(false);
    await expect(run('return create();')).rejects.toThrow('NotAllowedError');
  });

  test('a page that asks for no verification is refused', async () => {
    await signUp();
    await run('return create();');
    await unlock(false);
    const refused = await run(`return get({ userVerification: 'discouraged' });`);
    expect(refused.body).toMatchObject({ reason: 'passkey_user_not_verified' });
    await unlock(true);
    expect((await run('return get();')).status).toBe(200);
  });

  test('the autofill of a form signs in', async () => {
    await signUp();
    await run('return create();');
    await run(`return call('/sign-out', {});`);
    const signedIn = await run(`
      if (!(await PublicKeyCredential.isConditionalMediationAvailable())) throw new Error('none');
      const input = document.body.appendChild(document.createElement('input'));
      input.autocomplete = 'username webauthn';
      input.focus();
      const { body } = await call('/passkey/generate-authenticate-options');
      const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(body);
      const credential = await navigator.credentials.get({ publicKey, mediation: 'conditional' });
      return call('/passkey/verify-authentication', { response: credential.toJSON() });`);
    expect(signedIn.body).toMatchObject({ user: { email: email() } });
  });

  test('two ceremonies whose options were fetched at once both sign in', async () => {
    await signUp();
    await run('return create();');
    const statuses = await run<number[]>(`
      const options = await Promise.all([1, 2].map(() => call('/passkey/generate-authenticate-options')));
      const statuses = [];
      for (const { body } of options) {
        const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(body);
        const response = (await navigator.credentials.get({ publicKey })).toJSON();
        statuses.push((await call('/passkey/verify-authentication', { response })).status);
      }
      return statuses;`);
    expect(statuses).toEqual([200, 200]);
  });
});
