/** BetterAuth's stock client, `passkeyClient()` of @better-auth/passkey, with a browser around a software authenticator. */
import { passkeyClient } from '@better-auth/passkey/client';
import { createAuthClient } from 'better-auth/client';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import {
  SoftwareAuthenticator,
  type CreationOptions,
  type RequestOptions,
} from '../../support/software-authenticator.js';
import { startTestService, type TestService } from '../../support/test-service.js';
import { Visitor } from '../../support/visitor.js';

let service: TestService;
let authenticator: SoftwareAuthenticator;
beforeAll(async () => {
  service = await startTestService({ env: { PASSKEYS: 'on' } });
});
afterAll(() => service.stop());

beforeEach(() => {
  authenticator = new SoftwareAuthenticator();
  vi.stubGlobal('window', globalThis);
  vi.stubGlobal(
    'PublicKeyCredential',
    Object.assign(() => undefined, {
      isConditionalMediationAvailable: () => Promise.resolve(true),
    }),
  );
  vi.stubGlobal('document', { querySelectorAll: () => [{}] }); // an input for the autofill
  vi.stubGlobal('navigator', {
    credentials: {
      create: ({ publicKey }: { publicKey: object }) =>
        Promise.resolve(toCredential(authenticator.create(asText(publicKey) as CreationOptions))),
      get({ publicKey }: { publicKey: object }) {
        const { allowCredentials, ...options } = asText(publicKey) as RequestOptions;
        // The autofill allows all: its list is empty.
        const allowed = allowCredentials?.length ? { allowCredentials } : {};
        return Promise.resolve(toCredential(authenticator.get({ ...options, ...allowed })));
      },
    },
  });
});
afterEach(() => void vi.unstubAllGlobals());

/** The options with their buffers as text again, as the authenticator reads them. */
function asText(value: unknown): unknown {
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) {
    const bytes = value instanceof ArrayBuffer ? new Uint8Array(value) : value;
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url');
  }
  if (Array.isArray(value)) return value.map(asText);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, asText(field)]));
}

/** What the browser's functions return: buffers, and methods for the rest. */
function toCredential({
  rawId,
  response,
  ...credential
}: {
  readonly rawId: string;
  readonly response: object;
}) {
  const bytes = (text: string) => Uint8Array.from(Buffer.from(text, 'base64url')).buffer;
  const { transports = [], ...buffers } = response as Record<string, string> & {
    transports?: string[];
  };
  return {
    ...credential,
    rawId: bytes(rawId),
    response: {
      ...Object.fromEntries(Object.entries(buffers).map(([name, text]) => [name, bytes(text)])),
      getTransports: () => transports,
    },
    getClientExtensionResults: () => ({}),
  };
}

/** @param visitor whose cookies the client has */
function clientOf(visitor: Visitor) {
  return createAuthClient({
    baseURL: 'http://auth.example.com',
    plugins: [passkeyClient()],
    fetchOptions: {
      async customFetchImpl(input, init) {
        const { pathname, search } = new URL(input instanceof Request ? input.url : input);
        const answer = await visitor.ask(pathname + search, {
          method: init?.method ?? 'GET',
          ...(typeof init?.body === 'string' && { body: init.body }),
        });
        return new Response(answer.text, {
          status: answer.status,
          headers: { 'content-type': answer.headers.get('content-type') ?? '' },
        });
      },
    },
  });
}

test('adds a passkey, lists, renames and removes it', async () => {
  const visitor = new Visitor(service);
  await visitor.signUp();
  const client = clientOf(visitor);
  const added = await client.passkey.addPasskey({ name: 'My laptop' });
  expect(added.error).toBeNull();
  expect(added.data).toMatchObject({ name: 'My laptop', deviceType: 'singleDevice' });
  const listed = await client.$fetch<{ id: string; name: string }[]>('/passkey/list-user-passkeys');
  const id = listed.data?.[0]?.id ?? '';
  expect(listed.data).toEqual([expect.objectContaining({ name: 'My laptop' })]);
  const renamed = await client.passkey.updatePasskey({ id, name: 'Another name' });
  expect(renamed.data).toMatchObject({ passkey: { id, name: 'Another name' } });
  expect((await client.passkey.deletePasskey({ id })).data).toMatchObject({ status: true });
});

test.each([false, true])('signs in with it (autofill: %s), at level 2', async (autoFill) => {
  const visitor = new Visitor(service);
  await visitor.signUp();
  expect((await clientOf(visitor).passkey.addPasskey()).error).toBeNull();
  const browser = new Visitor(service);
  const client = clientOf(browser);
  const signedIn = await client.signIn.passkey({ autoFill });
  expect(signedIn.error).toBeNull();
  expect(signedIn.data).toMatchObject({
    user: { email: visitor.email },
    session: { userId: expect.any(String) as string },
  });
  expect((await client.getSession()).data?.user.email).toBe(visitor.email);
  expect((await browser.ask('/session')).json).toMatchObject({ session: { aal: 2 } });
});

test('a refusal reaches it with its code', async () => {
  const { data, error } = await clientOf(new Visitor(service)).passkey.addPasskey();
  expect([data, error?.status]).toEqual([null, 401]);
  const owner = new Visitor(service);
  await owner.signUp();
  expect((await clientOf(owner).passkey.addPasskey()).error).toBeNull();
  await service.database.query('delete from passkey');
  const refused = await clientOf(new Visitor(service)).signIn.passkey();
  expect(refused.error).toMatchObject({ status: 401, code: 'PASSKEY_UNKNOWN' });
});
