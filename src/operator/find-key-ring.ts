/** Finds the secrets for operator commands: the configured ones, or those of `npm run dev`. */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Environment } from '../config/environment.js';
import type { Finding } from '../config/finding.js';
import { readKeyRing, type KeyRing } from '../config/secrets.js';
import { CommandRefusedError } from './command-refused.js';

/** No valid secret was found; the message says what to set. */
export class NoSecretError extends CommandRefusedError {
  override readonly name = 'NoSecretError';
}

/** @throws NoSecretError */
export async function findKeyRing(env: Environment): Promise<KeyRing> {
  const { DATABASE_URL, DATA_DIR, BETTER_AUTH_SECRET, BETTER_AUTH_SECRETS } = env;
  const findings: Finding[] = [];
  const isDevelopment = !DATABASE_URL && !BETTER_AUTH_SECRET && !BETTER_AUTH_SECRETS;
  const secrets = isDevelopment
    ? { BETTER_AUTH_SECRET: await readDevelopmentSecret(resolve(DATA_DIR || '.data')) }
    : { BETTER_AUTH_SECRET, BETTER_AUTH_SECRETS };
  const keyRing = readKeyRing(secrets, findings);
  if (keyRing !== undefined) return keyRing;
  const fault = findings.find(({ level }) => level === 'error');
  throw new NoSecretError(
    `${fault?.variable ?? 'BETTER_AUTH_SECRET'} ${fault?.message ?? 'is not set'}: unlock needs the secret of the service, by which limits are stored`,
  );
}

/** As `npm run dev` stores it (src/dev/dev.ts). */
function readDevelopmentSecret(home: string): Promise<string | undefined> {
  return readFile(join(home, 'development-secret'), 'utf8').catch(() => undefined);
}
