/** Verifies a new passkey. */
import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { verifyRegistrationResponse } from '@simplewebauthn/server';
import {
  decodeAttestationObject,
  decodeCredentialPublicKey,
  isoBase64URL,
  isoCBOR,
  parseAuthenticatorData,
} from '@simplewebauthn/server/helpers';
import type { PasskeySettings } from '../feature.js';
import type { Ceremonies } from './ceremonies.js';
import type { Challenge } from './challenges.js';
import { detailOf, type Refuse } from './refusals.js';
import { attestationSchema } from './responses.js';

/** EdDSA, ES256 and RS256: one of them is known to every authenticator. */
export const algorithms = [-8, -7, -257];

/** A right response whose challenge is not used up yet. */
export interface CheckedAttestation {
  readonly challenge: Challenge;
  /** The columns of the new passkey. */
  readonly values: {
    readonly credentialId: string;
    readonly publicKey: string;
    readonly counter: number;
    readonly deviceType: string;
    readonly backedUp: boolean;
    readonly transports: string;
    readonly aaguid: string;
  };
}

export type Attestations = ReturnType<typeof createAttestations>;

export function createAttestations(
  { rpId }: PasskeySettings,
  ceremonies: Ceremonies,
  refuse: Refuse,
) {
  return {
    /**
     * @param value the browser's response, unchecked
     * @param userId who adds it
     * @throws APIError with the reason
     */
    async check(value: unknown, userId: string): Promise<CheckedAttestation> {
      const response = ceremonies.parse(attestationSchema, value);
      const { clientDataJSON, attestationObject, transports = [] } = response.response;
      const { challenge, challengeText, origin } = ceremonies.checkClientData(
        clientDataJSON,
        'enrol',
      );
      if (!challenge.isFor(userId)) throw refuse('challenge_of_other_user');
      const { data, verifiable } = ceremonies.decode(() => {
        const bytes = Uint8Array.from(Buffer.from(attestationObject, 'base64url'));
        const decoded = decodeAttestationObject(bytes);
        return {
          data: parseAuthenticatorData(decoded.get('authData')),
          verifiable: withoutCertificates(decoded) ?? bytes,
        };
      });
      ceremonies.checkAuthenticatorData(data);
      const verification = await verifyRegistrationResponse({
        response: {
          ...response,
          response: { clientDataJSON, attestationObject: isoBase64URL.fromBuffer(verifiable) },
          clientExtensionResults: {},
        },
        expectedChallenge: challengeText,
        expectedOrigin: origin,
        expectedRPID: rpId,
        supportedAlgorithmIDs: algorithms,
      }).catch((error: unknown) => {
        throw refuse('passkey_attestation_invalid', { detail: detailOf(error) });
      });
      if (!verification.verified) {
        throw refuse('passkey_attestation_invalid', { detail: 'signature' });
      }
      const { credential, credentialDeviceType, credentialBackedUp, aaguid } =
        verification.registrationInfo;
      // The authenticator's id is the signed one, or at least the one inside its data.
      if (credential.id !== response.id) {
        throw refuse('passkey_response_invalid', { detail: 'id: differs from the attested one' });
      }
      ceremonies.decode(() => requireUsableKey(credential.publicKey));
      return {
        challenge,
        values: {
          credentialId: credential.id,
          publicKey: Buffer.from(credential.publicKey).toString('base64url'),
          counter: credential.counter,
          deviceType: credentialDeviceType,
          backedUp: credentialBackedUp,
          transports: transports.join(','),
          aaguid,
        },
      };
    },
  };
}

/**
 * An attestation by certificate tells the make of the device, which nobody asks for, but some authenticators send it all the
 * same. The library would check it against its own roots and the expiry of the certificates, and knows no newer formats:
 * users could not add such devices. So it becomes `none`, as browsers do it (WebAuthn level 3, section 8.7).
 * @returns undefined if there are no certificates. A self attestation remains: the passkey's own key signed it
 */
function withoutCertificates(
  decoded: ReturnType<typeof decodeAttestationObject>,
): Uint8Array<ArrayBuffer> | undefined {
  const format: unknown = decoded.get('fmt');
  const isSelf = format === 'packed' && decoded.get('attStmt').get('x5c') === undefined;
  if (typeof format !== 'string' || format === 'none' || isSelf) return undefined;
  return isoCBOR.encode(
    new Map<string, string | Map<string, never> | Uint8Array<ArrayBuffer>>([
      ['fmt', 'none'],
      ['attStmt', new Map<string, never>()],
      ['authData', decoded.get('authData')],
    ]),
  );
}

/**
 * Without an attestation nothing is signed, and the library accepts a key that was cut: its passkey could never sign in.
 * @param coseKey RFC 9052, section 7
 * @throws Error
 */
function requireUsableKey(coseKey: Uint8Array<ArrayBuffer>): void {
  const fields = decodeCredentialPublicKey(coseKey) as unknown as ReadonlyMap<number, unknown>;
  const text = (label: number) => {
    const value = fields.get(label);
    return value instanceof Uint8Array ? Buffer.from(value).toString('base64url') : '';
  };
  const jwks: Readonly<Record<number, JsonWebKey>> = {
    1: { kty: 'OKP', crv: 'Ed25519', x: text(-2) },
    2: { kty: 'EC', crv: 'P-256', x: text(-2), y: text(-3) },
    3: { kty: 'RSA', n: text(-1), e: text(-2) },
  };
  createPublicKey({ format: 'jwk', key: jwks[Number(fields.get(1))] ?? {} });
}
