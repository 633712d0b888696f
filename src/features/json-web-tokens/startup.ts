/** Reports at start the stored signing keys that no current secret decrypts. */
import type { Finding } from '../../config/finding.js';
import type { FeatureServices } from '../slots.js';

export async function findStartupFaults(
  _settings: unknown,
  { config, database, auth }: Pick<FeatureServices, 'config' | 'database' | 'auth'>,
): Promise<Finding[]> {
  const { findUnreadableKeys } = await import('./auth.js');
  const keys = await findUnreadableKeys(database.orm, await auth.secretConfig());
  if (keys.length === 0) return [];
  return [
    {
      level: 'error',
      code: 'SIGNING_KEY_UNREADABLE',
      variable: config.keyRing.variable,
      message: `does not decrypt the signing key ${keys.join(', ')}: /api/auth/token may answer 500`,
      fix: 'add the previous secret again behind the current one (BETTER_AUTH_SECRETS=2:new,1:old), or delete the key from the table jwks: the next token creates another',
    },
  ];
}
