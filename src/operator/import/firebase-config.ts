/** Reads the password hash parameters of a Firebase project, as its console shows them. */
import { readFile } from 'node:fs/promises';
import { UsageError } from '../usage-error.js';
import type { FirebaseProject } from './convert-hash.js';

/**
 * A file, because the signer key is a secret: shell history and `ps` show arguments.
 * @throws UsageError
 */
export async function readFirebaseConfig(file: string): Promise<FirebaseProject> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new UsageError('--firebase-config: the file cannot be read');
  });
  const valueOf = (name: string) =>
    new RegExp(`\\b${name}"?\\s*[:=]\\s*"?([A-Za-z0-9+/_=-]*)`).exec(text)?.[1] ?? '';
  const signerKey = valueOf('base64_signer_key');
  const rounds = Number(valueOf('rounds'));
  const memoryCost = Number(valueOf('mem_cost'));
  if (signerKey === '' || !(rounds > 0) || !(memoryCost > 0)) {
    throw new UsageError(
      '--firebase-config: the file must have base64_signer_key, base64_salt_separator, rounds and mem_cost',
    );
  }
  return { signerKey, saltSeparator: valueOf('base64_salt_separator'), rounds, memoryCost };
}
