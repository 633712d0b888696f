/**
 * Responses of real authenticators, in every format that @simplewebauthn/server knows. The vectors are those of its own
 * tests (github.com/MasterKale/SimpleWebAuthn, MIT license, copyright 2020 Matthew Miller); their challenges are not ours.
 */
import { readFile } from 'node:fs/promises';
import { APIError } from 'better-auth/api';
import { describe, expect, test } from 'vitest';
import { createAttestations } from '../../../src/features/passkeys/auth/attestations.js';
import { createCeremonies } from '../../../src/features/passkeys/auth/ceremonies.js';
import type { Challenges } from '../../../src/features/passkeys/auth/challenges.js';
import { createRefuse } from '../../../src/features/passkeys/auth/refusals.js';
import { readConfig } from '../../../src/config/config.js';
import { createLogger } from '../../../src/log/logger.js';
import { createRequestScopes } from '../../../src/request-scope.js';
import { testEnvironment } from '../../support/test-service.js';

interface Vector {
  readonly name: string;
  readonly format: string;
  readonly origin: string;
  readonly id: string;
  readonly attestationObject: string;
  readonly clientDataJSON: string;
}

const text = await readFile(new URL('attestation-vectors.json', import.meta.url), 'utf8');
const vectors = JSON.parse(text) as Vector[];

/** The challenges of the vectors count as issued to this user. */
const challenges: Challenges = {
  issue: () => new Uint8Array(),
  read: () => ({ nonce: 'n', expiresAt: new Date(), isFor: () => true }),
};

function check(vector: Vector, changes: Partial<Vector> = {}) {
  const { id, attestationObject, clientDataJSON, origin } = { ...vector, ...changes };
  const rpId = new URL(origin).hostname;
  const env = { PASSKEYS: 'on', RP_ID: rpId, BETTER_AUTH_TRUSTED_ORIGINS: origin };
  const urls = { BETTER_AUTH_URL: origin, DATABASE_URL: 'postgresql://a:b@127.0.0.1/c' };
  const config = readConfig({ ...testEnvironment, ...urls, ...env }, new Date());
  const settings = config.features.passkeys;
  if (settings === undefined) throw new Error('passkeys are off');
  const logger = createLogger('fatal', { write: () => undefined });
  const refuse = createRefuse({ logger, scopes: createRequestScopes() } as never);
  const ceremonies = createCeremonies(settings, { config }, challenges, refuse);
  const response = { clientDataJSON, attestationObject };
  return createAttestations(settings, ceremonies, refuse).check(
    { id, rawId: id, type: 'public-key', response },
    'a-user',
  );
}

/** @returns the reason; undefined if it was accepted. @throws what is no refusal */
async function reasonOf(vector: Vector, changes: Partial<Vector> = {}): Promise<unknown> {
  try {
    await check(vector, changes);
    return undefined;
  } catch (error) {
    if (!(error instanceof APIError)) throw error;
    expect(error.statusCode).toBeLessThan(500);
    return error.body?.reason;
  }
}

const withFlippedByte = (encoded: string, at: number): string => {
  const bytes = Buffer.from(encoded, 'base64url');
  bytes[at] = (bytes[at] ?? 0) ^ 0x01;
  return bytes.toString('base64url');
};

test('every format is there', () => {
  expect(new Set(vectors.map(({ format }) => format))).toEqual(
    new Set(['none', 'packed', 'fido-u2f', 'tpm', 'android-key', 'apple']),
  );
});

/** Others are accepted. The certificates of two have expired, and their formats are checked against built-in roots. */
const refused: Readonly<Record<string, string>> = {
  'packed, x5c, without user verification': 'passkey_user_not_verified',
  'fido-u2f': 'passkey_user_not_verified',
  'tpm, without user verification': 'passkey_user_not_verified',
  'android-key, without user verification': 'passkey_user_not_verified',
  'android-key': 'passkey_attestation_invalid',
  apple: 'passkey_attestation_invalid',
};

const positions = 24;

describe.each(vectors)('$name', (vector) => {
  const { length } = Buffer.from(vector.attestationObject, 'base64url');
  const step = Math.ceil(length / positions);

  test(`is ${refused[vector.name] ?? 'accepted'}`, async () => {
    expect(await reasonOf(vector)).toBe(refused[vector.name]);
  });

  test('with a changed byte it is refused with a reason, or the passkey is the same', async () => {
    const original = await check(vector).catch(() => undefined);
    for (let at = 0; at < length; at += step) {
      const attestationObject = withFlippedByte(vector.attestationObject, at);
      const reason = await reasonOf(vector, { attestationObject });
      // Certificates are not checked against a root, because none is asked for; without a signature nothing is verified.
      if (reason !== undefined || vector.format === 'none') continue;
      const { values } = await check(vector, { attestationObject });
      expect(values).toEqual(original?.values);
    }
  });

  test('cut anywhere it is refused with a reason', async () => {
    for (let end = 1; end < length; end += step) {
      const cut = Buffer.from(vector.attestationObject, 'base64url').subarray(0, end);
      const attestationObject = cut.toString('base64url');
      expect(await reasonOf(vector, { attestationObject })).toEqual(expect.any(String));
    }
  });

  test('with other client data it is refused where it is signed', async () => {
    const data = JSON.parse(Buffer.from(vector.clientDataJSON, 'base64url').toString()) as object;
    const clientDataJSON = Buffer.from(JSON.stringify({ ...data, more: 1 })).toString('base64url');
    const reason = await reasonOf(vector, { clientDataJSON });
    if (vector.format !== 'none') expect(reason).toEqual(expect.any(String));
  });

  test('of another origin it is refused', async () => {
    expect(await reasonOf(vector, { origin: 'https://other.example.com' })).toBe(
      'passkey_origin_mismatch',
    );
  });
});
