/**
 * Responses in every attestation format. The vectors of real authenticators are those of @simplewebauthn/server's own tests
 * (github.com/MasterKale/SimpleWebAuthn, MIT license, copyright 2020 Matthew Miller), the others those of the specification
 * (w3.org/TR/webauthn-3/#sctn-test-vectors, W3C Document License). Their challenges are not ours.
 */
import { readFile } from 'node:fs/promises';
import { decodeAttestationObject, isoCBOR } from '@simplewebauthn/server/helpers';
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
  readonly source: string;
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

const formats = ['none', 'packed', 'fido-u2f', 'tpm', 'android-key', 'android-safetynet', 'apple'];

test('every format is there', () => {
  expect(new Set(vectors.map(({ format }) => format))).toEqual(new Set(formats));
});

const unoffered = ['packed, x5c, ES512 (specification)'];

/** Nothing about the format, its certificates or their roots is a reason. */
function reasonFor({ name }: Vector): string | undefined {
  if (name.includes('without user verification')) return 'passkey_user_not_verified';
  if (name.includes('in a frame')) return 'passkey_in_frame';
  return unoffered.includes(name) ? 'passkey_attestation_invalid' : undefined;
}

/** Other formats are signed by certificates, which are not verified. */
const isSelfSigned = ({ name }: Vector) => name.startsWith('packed, self attestation');

const positions = 24;

describe.each(vectors)('$name', (vector) => {
  const { length } = Buffer.from(vector.attestationObject, 'base64url');
  const step = Math.ceil(length / positions);

  test(`is ${reasonFor(vector) ?? 'accepted'}`, async () => {
    expect(await reasonOf(vector)).toBe(reasonFor(vector));
  });

  test('with a changed byte it is refused with a reason or accepted; a self attestation only as the same passkey', async () => {
    const original = await check(vector).catch(() => undefined);
    for (let at = 0; at < length; at += step) {
      const attestationObject = withFlippedByte(vector.attestationObject, at);
      const reason = await reasonOf(vector, { attestationObject });
      if (reason !== undefined || !isSelfSigned(vector)) continue;
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
    if (isSelfSigned(vector)) expect(reason).toBe('passkey_attestation_invalid');
    else expect(reason).toBe(reasonFor(vector));
  });

  test('of another origin it is refused', async () => {
    expect(await reasonOf(vector, { origin: 'https://other.example.com' })).toBe(
      'passkey_origin_mismatch',
    );
  });
});

/** As if the device had verified its user. */
function withUserVerified(encoded: string): string {
  const decoded = decodeAttestationObject(Uint8Array.from(Buffer.from(encoded, 'base64url')));
  const authData = decoded.get('authData');
  authData[32] = (authData[32] ?? 0) | 0x04;
  return encode(decoded.get('fmt'), decoded.get('attStmt'), authData);
}

function encode(format: string, statement: unknown, authData: Uint8Array<ArrayBuffer>): string {
  const fields = new Map<string, unknown>([
    ['fmt', format],
    ['attStmt', statement],
    ['authData', authData],
  ]);
  return Buffer.from(isoCBOR.encode(fields as never)).toString('base64url');
}

const unverified = vectors.filter(({ name }) => name.includes('without user verification'));

describe('of a device that verified its user', () => {
  test.each(unverified.filter(({ name }) => !name.includes('ES384')))(
    '$name: would be accepted',
    async (vector) => {
      const attestationObject = withUserVerified(vector.attestationObject);
      expect(await reasonOf(vector, { attestationObject })).toBeUndefined();
    },
  );
});

describe('a statement that nobody can verify', () => {
  const vector = vectors.find(({ format }) => format === 'tpm');
  if (vector === undefined) throw new Error('no vector');
  const original = Uint8Array.from(Buffer.from(vector.attestationObject, 'base64url'));
  const authData = decodeAttestationObject(original).get('authData');

  const statements: [string, string, unknown][] = [
    ['a format of the future', 'future', new Map([['sig', new Uint8Array(64)]])],
    [
      'a compound of several',
      'compound',
      ['tpm', 'packed'].map(
        (fmt) =>
          new Map<string, unknown>([
            ['fmt', fmt],
            ['attStmt', new Map()],
          ]),
      ),
    ],
    ['long certificates', 'tpm', new Map([['x5c', [new Uint8Array(4096), new Uint8Array(4096)]]])],
    ['certificates that are none', 'packed', new Map([['x5c', [new Uint8Array(4)]]])],
  ];
  test.each(statements)('%s is accepted', async (_what, format, statement) => {
    const attestationObject = encode(format, statement, authData);
    expect(await reasonOf(vector, { attestationObject })).toBeUndefined();
    expect((await check(vector, { attestationObject })).values).toEqual(
      (await check(vector)).values,
    );
  });

  const malformed: [string, unknown, unknown, string][] = [
    ['a statement of the format none', 'none', new Map([['a', 1]]), 'passkey_attestation_invalid'],
    ['a self attestation without a signature', 'packed', new Map(), 'passkey_attestation_invalid'],
    ['a self attestation that is no map', 'packed', 'text', 'passkey_response_invalid'],
    ['a number as the format', 1, new Map(), 'passkey_attestation_invalid'],
  ];
  test.each(malformed)('%s is refused', async (_what, format, statement, reason) => {
    const attestationObject = encode(format as string, statement, authData);
    expect(await reasonOf(vector, { attestationObject })).toBe(reason);
  });
});
