/** BetterAuth's plugins, each behind a variable. The shortcut for get-session knows them: docs/decisions/0001. */
import { bearer, jwt } from 'better-auth/plugins';
import type { Config } from '../config/config.js';

const day = 86_400;

export function createAuthPlugins({ baseUrl, bearerTokens, jwtTokens }: Config) {
  return [
    // Without it the plugin takes the raw token of the sign-in JSON, which nobody signed.
    ...(bearerTokens ? [bearer({ requireSignature: true })] : []),
    ...(jwtTokens ? [tokenIssuer(baseUrl)] : []),
  ];
}

function tokenIssuer(baseUrl: string) {
  return jwt({
    // Otherwise each get-session would sign one, asked or not.
    disableSettingJwtHeader: true,
    jwt: {
      issuer: baseUrl,
      audience: baseUrl,
      // Nobody can take one back: it outlives a sign-out by this long (ASVS 7.4.1).
      expirationTime: '5m',
    },
    jwks: {
      keyPairConfig: { alg: 'EdDSA', crv: 'Ed25519' }, // ASVS 11.6.1
      disablePrivateKeyEncryption: false,
      rotationInterval: 90 * day,
      // Published after its last token has ended, for APIs whose clock is late.
      gracePeriod: day,
    },
  });
}
