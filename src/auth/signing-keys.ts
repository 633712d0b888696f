/** The stored keys that sign JSON Web Tokens: whether the present secrets still decrypt them. */
import { symmetricDecrypt } from 'better-auth/crypto';
import type { Orm } from '../db/client.js';
import { jwks } from '../db/schema.js';

/** As BetterAuth holds the key ring: versions for what it encrypts now, `legacySecret` for what came before. */
type SecretConfig = Parameters<typeof symmetricDecrypt>[0]['key'];

/**
 * Ids of the stored keys that no secret decrypts: with one of them no token can be issued (facts.md).
 * @throws what the driver throws when the database cannot be asked
 */
export async function unreadableKeys(orm: Orm, secrets: SecretConfig): Promise<string[]> {
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
