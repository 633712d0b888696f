/**
 * Passkeys in Chromium and Firefox with virtual authenticators, on a plain page that calls the endpoints: site and service on
 * two domains, on two hosts of one domain, on one host, and with related origins. Requires Debian's browsers.
 */
import type { Server } from 'node:https';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { freePort } from '../../src/dev/free-port.js';
import { startTestService, type TestService } from '../support/test-service.js';
import type { PasskeyBrowser, PasskeyEngine, PasskeyTab } from './engines/passkey-engine.js';
import { chromiumWithPasskeys } from './engines/passkeys-chromium.js';
import { firefoxWithPasskeys } from './engines/passkeys-firefox.js';
import { startTls } from './system/tls.js';
import { startTunnel, type Tunnel } from './system/tunnel.js';

interface Place {
  readonly name: string;
  readonly site: string;
  readonly auth: string;
  readonly rpId: string;
  readonly relatedOrigins?: boolean;
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
    relatedOrigins: true,
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

const password = 'quiet harbour seventeen lamps';
let visitors = 0;
let port: number;
let tunnel: Tunnel;

beforeAll(async () => {
  port = await freePort();
  // Browsers read the list of related origins on the standard port.
  tunnel = await startTunnel(port);
});
afterAll(() => tunnel.stop());

describe.each([chromiumWithPasskeys, firefoxWithPasskeys])('$name', (engine) => {
  let browser: PasskeyBrowser;
  beforeAll(async () => {
    browser = await engine.launch(tunnel.port);
  });
  afterAll(() => browser.close());

  describe.each(places)('$name', (place) => {
    testPasskeys(engine, place, () => browser);
  });
});

function testPasskeys(
  engine: PasskeyEngine,
  { site, auth, rpId, relatedOrigins = false }: Place,
  browserOf: () => PasskeyBrowser,
): void {
  let service: TestService;
  let tls: Server;
  let tab: PasskeyTab;
  let urls: { readonly site: string; readonly auth: string };
  const email = () => `visitor-${visitors}@example.com`;

  beforeAll(async () => {
    urls = { site: `https://${site}:${port}`, auth: `https://${auth}:${port}` };
    service = await startTestService({
      env: {
        BETTER_AUTH_URL: urls.auth,
        BETTER_AUTH_TRUSTED_ORIGINS: urls.site,
        PASSKEYS: 'on',
        RATE_LIMIT_SIGN_IN_PER_ADDRESS: '1000/10s',
        ...(relatedOrigins && { RP_ID: rpId }),
      },
    });
    tls = await startTls(port, service.url);
  });
  afterAll(async () => {
    tls.closeAllConnections();
    tls.close();
    await service.stop();
  });

  beforeEach(async () => {
    visitors += 1;
    tab = await browserOf().newTab(`${urls.site}/page`);
    return () => tab.close();
  });

  /** Runs a script in the page that can use `call`, `create` and `get`. */
  const run = <T = Called>(body: string) =>
    tab.run<T>(`
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
      ${body}`);

  const signUp = () =>
    run(
      `return call('/sign-up/email', ${JSON.stringify({ name: 'Ada', email: email(), password })});`,
    );

  test('a passkey is added, and signs in after the sign-out', async () => {
    expect((await signUp()).status).toBe(200);
    const added = await run('return create();');
    expect(added.body).toMatchObject({ session: { aal: 2 } });
    expect(await tab.credentials()).toMatchObject([{ rpId, isResidentCredential: true }]);
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
    await tab.setUserVerified(false);
    await expect(run('return create();')).rejects.toThrow('NotAllowedError');
  });

  test('a page that asks for no verification is refused', async () => {
    await signUp();
    await run('return create();');
    await tab.setUserVerified(false);
    const refused = await run(`return get({ userVerification: 'discouraged' });`);
    expect(refused.body).toMatchObject({ reason: 'passkey_user_not_verified' });
    await tab.setUserVerified(true);
    expect((await run('return get();')).status).toBe(200);
  });

  test('the autofill of a form signs in', async () => {
    await signUp();
    await run('return create();');
    await run(`return call('/sign-out', {});`);
    const signingIn = run(`
      if (!(await PublicKeyCredential.isConditionalMediationAvailable())) throw new Error('none');
      const { body } = await call('/passkey/generate-authenticate-options');
      const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(body);
      const picking = navigator.credentials.get({ publicKey, mediation: 'conditional' });
      const form = document.body.appendChild(document.createElement('form'));
      form.innerHTML = '<input type="email" name="email" autocomplete="username webauthn">';
      form.onsubmit = () => false;
      return call('/passkey/verify-authentication', { response: (await picking).toJSON() });`);
    if (!engine.hasSuggestionsOnRelatedOrigins && relatedOrigins) {
      await expect(signingIn).rejects.toThrow('SecurityError');
      return;
    }
    const [signedIn] = await Promise.all([signingIn, tab.pickSuggestion(signingIn)]);
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
}
