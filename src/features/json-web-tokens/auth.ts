/** BetterAuth's side of JSON Web Tokens: the plugin that issues them, a log line for each, and access to stored keys. */
import { createAuthMiddleware } from 'better-auth/api';
import { symmetricDecrypt } from 'better-auth/crypto';
import { jwt } from 'better-auth/plugins';
import type { AuthDependencies } from '../../auth/auth-dependencies.js';
import type { AuthPart } from '../../auth/auth-part.js';
import type { Orm } from '../../db/client.js';
import type { Logger } from '../../log/logger.js';
import type { SessionProofs } from '../../session/proof.js';
import { coreFields, pick } from '../../session/shown-fields.js';
import type { SettingsOf } from '../definition.js';
import type { ActiveFeature } from '../slots.js';
import type { jsonWebTokens } from './feature.js';
import { logIssuedToken } from './log-issued-token.js';
import { proofClaims } from './proof-claims.js';
import { jwks } from './tables.js';

export function createAuthPart(
  { tokenLifetime, keyRotationSeconds, keyGraceSeconds }: SettingsOf<typeof jsonWebTokens>,
  { config: { baseUrl }, logger }: AuthDependencies,
  features: readonly Pick<ActiveFeature, 'tokenClaims'>[],
): AuthPart {
  const issuer = jwt({
    // Otherwise each get-session would sign one, requested or not.
    disableSettingJwtHeader: true,
    jwt: {
      issuer: baseUrl,
      audience: baseUrl,
      expirationTime: tokenLifetime,
      // Otherwise a token holds every field of the user, those of features included.
      definePayload: ({ user, session }) => ({
        ...features.reduce(
          (claims, { tokenClaims }) => ({ ...claims, ...tokenClaims?.(user, session) }),
          {
            ...pick(user, coreFields.user),
          },
        ),
        ...proofClaims(session as unknown as SessionProofs),
      }),
    },
    jwks: {
      keyPairConfig: { alg: 'EdDSA', crv: 'Ed25519' }, // ASVS 11.6.1
      disablePrivateKeyEncryption: false,
      rotationInterval: keyRotationSeconds,
      gracePeriod: keyGraceSeconds,
    },
  });
  return { plugins: [issuer, issuedTokenLog(logger)] };
}

function issuedTokenLog(logger: Logger) {
  return {
    id: 'issued-token-log',
    hooks: {
      after: [
        {
          matcher: ({ path }: { path?: string }) => path === '/token',
          // eslint-disable-next-line @typescript-eslint/require-await -- BetterAuth awaits it
          handler: createAuthMiddleware(async ({ context: { returned } }) => {
            logIssuedToken(returned, logger);
          }),
        },
      ],
    },
  };
}

/** As BetterAuth holds the key ring: versions for what it encrypts now, `legacySecret` for what came before. */
type SecretConfig = Parameters<typeof symmetricDecrypt>[0]['key'];

/**
 * Ids of the stored signing keys that no secret decrypts: no token can be issued with one of them.
 * @throws what the driver throws when the database is unavailable
 */
export async function findUnreadableKeys(orm: Orm, secrets: SecretConfig): Promise<string[]> {
  const rows = await orm.select({ id: jwks.id, privateKey: jwks.privateKey }).from(jwks);
  const unreadable: string[] = [];
  for (const { id, privateKey } of rows) {
    try {
      await symmetricDecrypt({ key: secrets, data: JSON.parse(privateKey) as string });
    } catch {
      unreadable.push(id);
    }
  }
  return unreadable;
}
