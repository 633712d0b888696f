/**
 * An authenticator with a browser around it: creates passkeys (ES256) and uses them, as WebAuthn level 3 describes, and
 * tampers with its responses on request.
 */
import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';

/** The part of the options that it reads. */
export interface CreationOptions {
  readonly challenge: string;
  readonly rp: { readonly id: string };
  readonly user: { readonly id: string };
  readonly excludeCredentials?: readonly { readonly id: string }[];
}

export interface RequestOptions {
  readonly challenge: string;
  readonly rpId: string;
  readonly allowCredentials?: readonly { readonly id: string }[];
}

/** What differs from a correct response. */
export interface Tampering {
  readonly origin?: string;
  readonly crossOrigin?: boolean;
  readonly type?: string;
  readonly challenge?: string;
  readonly rpId?: string;
  readonly userVerified?: boolean;
  readonly userPresent?: boolean;
  readonly counter?: number;
  readonly userHandle?: string;
  readonly flipSignature?: boolean;
  /** `packed` is a self attestation. */
  readonly attestation?: 'none' | 'packed';
  /** Cuts the attestation to this many bytes. */
  readonly truncateTo?: number;
}

interface Credential {
  readonly id: string;
  readonly rpId: string;
  readonly userHandle: string;
  readonly privateKey: KeyObject;
  counter: number;
}

const flags = { userPresent: 1, userVerified: 4, backupEligible: 8, backedUp: 16, attested: 64 };

export class SoftwareAuthenticator {
  readonly credentials: Credential[] = [];

  /** @param counts whether it counts signatures; synchronized passkeys do not */
  constructor(
    private readonly origin = 'http://localhost:3000',
    private readonly counts = true,
  ) {}

  create(options: CreationOptions, tampering: Tampering = {}) {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const id = randomBytes(32);
    const credential: Credential = {
      id: id.toString('base64url'),
      rpId: options.rp.id,
      userHandle: options.user.id,
      privateKey,
      counter: 0,
    };
    this.credentials.push(credential);
    const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
    const coordinate = (text: string) => Buffer.from(text, 'base64url');
    const key = cbor(
      new Map<number, unknown>([
        [1, 2], // kty: EC2
        [3, -7], // alg: ES256
        [-1, 1], // crv: P-256
        [-2, coordinate(x)],
        [-3, coordinate(y)],
      ]),
    );
    const idLength = Buffer.alloc(2);
    idLength.writeUInt16BE(id.length);
    const attested = Buffer.concat([Buffer.alloc(16), idLength, id, key]);
    const authData = Buffer.concat([
      this.authenticatorData(credential, flags.attested, tampering),
      attested,
    ]);
    const clientData = this.clientData('webauthn.create', options.challenge, tampering);
    const isPacked = tampering.attestation === 'packed';
    const signature = this.signature(credential, authData, clientData, tampering);
    const attestation = cbor(
      new Map<string, unknown>([
        ['fmt', isPacked ? 'packed' : 'none'],
        [
          'attStmt',
          new Map<string, unknown>(
            isPacked
              ? [
                  ['alg', -7],
                  ['sig', signature],
                ]
              : [],
          ),
        ],
        ['authData', authData],
      ]),
    );
    return {
      id: credential.id,
      rawId: credential.id,
      type: 'public-key',
      authenticatorAttachment: 'platform',
      response: {
        clientDataJSON: clientData.toString('base64url'),
        attestationObject: attestation
          .subarray(0, tampering.truncateTo ?? attestation.length)
          .toString('base64url'),
        transports: ['internal', 'hybrid'],
      },
      clientExtensionResults: {},
    };
  }

  /** With the allowed passkey that was created last. */
  get(options: RequestOptions, tampering: Tampering = {}) {
    const allowed = options.allowCredentials?.map(({ id }) => id);
    const credential = this.credentials.findLast(
      ({ id, rpId }) => rpId === options.rpId && (allowed?.includes(id) ?? true),
    );
    if (credential === undefined) throw new Error('NotAllowedError: no passkey for this domain');
    const authData = this.authenticatorData(credential, 0, tampering);
    const clientData = this.clientData('webauthn.get', options.challenge, tampering);
    const signature = this.signature(credential, authData, clientData, tampering);
    return {
      id: credential.id,
      rawId: credential.id,
      type: 'public-key',
      authenticatorAttachment: 'platform',
      response: {
        clientDataJSON: clientData.toString('base64url'),
        authenticatorData: authData.toString('base64url'),
        signature: signature.toString('base64url'),
        userHandle: tampering.userHandle ?? credential.userHandle,
      },
      clientExtensionResults: {},
    };
  }

  private clientData(type: string, challenge: string, tampering: Tampering): Buffer {
    const { origin = this.origin, crossOrigin = false } = tampering;
    return Buffer.from(
      JSON.stringify({
        type: tampering.type ?? type,
        challenge: tampering.challenge ?? challenge,
        origin,
        crossOrigin,
      }),
    );
  }

  private authenticatorData(credential: Credential, extra: number, tampering: Tampering): Buffer {
    const { rpId = credential.rpId, userVerified = true, userPresent = true } = tampering;
    if (this.counts) credential.counter += 1;
    const byte =
      extra |
      (userPresent ? flags.userPresent : 0) |
      (userVerified ? flags.userVerified : 0) |
      (this.counts ? 0 : flags.backupEligible | flags.backedUp);
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(tampering.counter ?? credential.counter);
    return Buffer.concat([
      createHash('sha256').update(rpId).digest(),
      Buffer.from([byte]),
      counter,
    ]);
  }

  private signature(
    { privateKey }: Credential,
    authData: Buffer,
    clientData: Buffer,
    { flipSignature = false }: Tampering,
  ): Buffer {
    const hash = createHash('sha256').update(clientData).digest();
    const signature = sign('sha256', Buffer.concat([authData, hash]), privateKey);
    const last = signature.length - 1;
    if (flipSignature) signature[last] = (signature[last] ?? 0) ^ 1;
    return signature;
  }
}

/** RFC 8949, as far as WebAuthn uses it: integers, byte strings, text and maps. */
function cbor(value: unknown): Buffer {
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value);
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value]);
  if (typeof value === 'string') {
    const text = Buffer.from(value);
    return Buffer.concat([head(3, text.length), text]);
  }
  if (!(value instanceof Map)) throw new Error('not a value of WebAuthn');
  const entries = [...value].flatMap(([key, inner]) => [cbor(key), cbor(inner)]);
  return Buffer.concat([head(5, value.size), ...entries]);
}

function head(majorType: number, length: number): Buffer {
  const type = majorType << 5;
  if (length < 24) return Buffer.from([type | length]);
  if (length < 256) return Buffer.from([type | 24, length]);
  return Buffer.from([type | 25, length >> 8, length & 255]);
}
