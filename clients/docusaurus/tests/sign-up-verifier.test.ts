/** The verifier that proves which browser signed up. */
import { createHash, webcrypto } from 'node:crypto';
import { expect, test } from 'vitest';
import { createSignUpVerifier } from '../src/client/sign-up-verifier.js';

const crypto = webcrypto as unknown as Crypto;

function createStorage() {
  const values = new Map<string, string>();
  return {
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
    removeItem: (key: string) => void values.delete(key),
  };
}

test('the challenge is the SHA-256 of the verifier in base64url', async () => {
  const verifier = createSignUpVerifier('key', { storage: createStorage(), crypto });
  const challenge = await verifier.challenge();
  expect(verifier.verifier()).toMatch(/^[\w-]{43}$/);
  const hash = createHash('sha256')
    .update(verifier.verifier() ?? '')
    .digest('base64url');
  expect(challenge).toBe(hash);
});

test('a second sign-up in this browser keeps the verifier of the first, in every tab', async () => {
  const storage = createStorage();
  const first = createSignUpVerifier('key', { storage, crypto });
  const second = createSignUpVerifier('key', { storage, crypto });
  expect(await first.challenge()).toBe(await second.challenge());
  first.clear();
  expect(second.verifier()).toBeUndefined();
});

test.each([
  ['no storage', { storage: undefined, crypto }],
  [
    'an insecure context',
    { storage: createStorage(), crypto: { getRandomValues: <T>(bytes: T) => bytes } },
  ],
  [
    'storage that throws',
    {
      storage: {
        ...createStorage(),
        setItem() {
          throw new Error('QuotaExceededError');
        },
      },
      crypto,
    },
  ],
])('with %s there is no challenge, so the service uses its cookie', async (_what, dependencies) => {
  const verifier = createSignUpVerifier('key', dependencies);
  expect(await verifier.challenge()).toBeUndefined();
});
