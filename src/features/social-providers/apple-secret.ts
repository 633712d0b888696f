/** Apple's client secret: a JSON Web Token signed with the key of the team, made anew for each call. */
import { importPKCS8, SignJWT } from 'jose';
import type { ClientAuth } from 'openid-client';
import type { AppleSettings } from './settings.js';

/** Apple accepts up to six months; a minute is enough for one call. */
const lifetimeSeconds = 60;

export function createAppleSecret(
  { clientId, teamId, keyId, privateKey, issuer }: AppleSettings,
  now: () => Date,
): ClientAuth {
  // oauth4webapi awaits it, although its type says void.
  // eslint-disable-next-line @typescript-eslint/no-misused-promises
  return async (_server, _client, body) => {
    const issuedAt = Math.floor(now().getTime() / 1000);
    const secret = await new SignJWT()
      .setProtectedHeader({ alg: 'ES256', kid: keyId })
      .setIssuer(teamId)
      .setSubject(clientId)
      .setAudience(issuer)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + lifetimeSeconds)
      .sign(await importPKCS8(privateKey, 'ES256'));
    body.set('client_id', clientId);
    body.set('client_secret', secret);
  };
}
