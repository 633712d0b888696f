/** Reads the secrets that sign session cookies, and rejects invalid or weak ones. */
import { createHash } from 'node:crypto';
import type { Environment } from './environment.js';
import type { Finding } from './finding.js';
import { withoutBlanks, withoutQuotes } from './trim-value.js';

/** One signing secret. `version` gives the order of rotation; a single `BETTER_AUTH_SECRET` is version 0. */
export interface Secret {
  readonly version: number;
  readonly value: string;
}

/** All secrets: `current` signs and verifies, `previous` ones only verify. */
export interface KeyRing {
  readonly variable: 'BETTER_AUTH_SECRET' | 'BETTER_AUTH_SECRETS';
  readonly current: Secret;
  readonly previous: readonly Secret[];
}

/** ASVS 11.5.1 requires 128 random bits; 32 characters is also BetterAuth's minimum. */
const minimumLength = 32;

/** BetterAuth signs with this public constant if there is no secret outside production. */
const publicDefault = 'better-auth-secret-12345678901234567890';

/** The fix for a missing or weak secret. */
export const generateSecret = 'set a new one: openssl rand -base64 32';

/**
 * Reads `BETTER_AUTH_SECRETS` (`2:new,1:old`, the first signs) or else `BETTER_AUTH_SECRET`.
 * If both are set, the single one still verifies as the oldest, as in BetterAuth's rotation.
 * @returns undefined, with findings, if there is no valid secret
 */
export function readKeyRing(env: Environment, findings: Finding[]): KeyRing | undefined {
  const many = env.BETTER_AUTH_SECRETS;
  const one = env.BETTER_AUTH_SECRET;
  if (many === undefined && one === undefined) {
    findings.push({
      level: 'error',
      code: 'SECRET_MISSING',
      variable: 'BETTER_AUTH_SECRET',
      message: 'is not set, so session cookies cannot be signed',
      fix: generateSecret,
    });
    return undefined;
  }
  const single = one === undefined ? [] : [{ version: 0, value: one }];
  const before = findings.length;
  if (one !== undefined) checkSecret(one, 'BETTER_AUTH_SECRET', findings);
  const versions = many === undefined ? [] : readVersions(many, findings);
  if (single.some((s) => versions.some((v) => v.version === s.version && v.value !== s.value))) {
    findings.push({
      level: 'error',
      code: 'SECRET_VERSION_TAKEN',
      variable: 'BETTER_AUTH_SECRETS',
      message: 'assigns version 0 to a secret, which is the version of BETTER_AUTH_SECRET',
      fix: 'use version 1 or higher, or remove BETTER_AUTH_SECRET',
    });
  }
  const secrets = [
    ...versions,
    ...single.filter((s) => versions.every((v) => v.value !== s.value)),
  ];
  const [current, ...previous] = secrets;
  const isInvalid = findings.slice(before).some((finding) => finding.level === 'error');
  if (current === undefined || isInvalid) return undefined;
  const variable = many === undefined ? 'BETTER_AUTH_SECRET' : 'BETTER_AUTH_SECRETS';
  return { variable, current, previous };
}

/** The first 8 hex digits of the secret's SHA-256: enough to compare two deployments, useless to an attacker. */
export function secretFingerprint(secret: Secret): string {
  return createHash('sha256').update(secret.value).digest('hex').slice(0, 8);
}

/** The secret with the lowest version, at any position: a rollback puts it first again. */
export function oldestSecret({ current, previous }: KeyRing): Secret {
  return previous.reduce(
    (oldest, next) => (next.version < oldest.version ? next : oldest),
    current,
  );
}

/** Whether a value has fewer than 120 bits of entropy, assuming random characters from those that occur in it. */
export function isGuessable(value: string): boolean {
  return Math.log2(new Set(value).size) * value.length < 120;
}

function readVersions(list: string, findings: Finding[]): Secret[] {
  const variable = 'BETTER_AUTH_SECRETS';
  const secrets: Secret[] = [];
  for (const entry of list.split(',')) {
    const match = /^(\d+):(.*)$/s.exec(entry);
    const version = Number(match?.[1]);
    if (match === null || secrets.some((secret) => secret.version === version)) {
      findings.push({
        level: 'error',
        code: 'SECRETS_MALFORMED',
        variable,
        message: 'is not a list of version:secret with distinct versions',
        fix: 'write the newest first, such as 2:new-secret,1:old-secret',
      });
      return [];
    }
    const value = match[2] ?? '';
    checkSecret(value, variable, findings);
    secrets.push({ version, value });
  }
  return secrets;
}

function checkSecret(value: string, variable: string, findings: Finding[]): void {
  const add = (level: Finding['level'], code: string, message: string, fix: string) =>
    findings.push({ level, code, variable, message, fix });
  if (value !== withoutBlanks(value)) {
    // A trailing newline gives another HMAC, so sessions fail to verify elsewhere.
    const fix = 'set it again without white space: printf %s adds no newline, echo does';
    add('error', 'SECRET_HAS_BLANKS', 'begins or ends with white space', fix);
  } else if (withoutQuotes(value) !== value) {
    add(
      'error',
      'SECRET_QUOTED',
      'is wrapped in quotes that became part of it',
      'remove the quotes',
    );
  } else if (value === publicDefault) {
    add(
      'error',
      'SECRET_DEFAULT',
      "is BetterAuth's public default, which anyone can sign with",
      generateSecret,
    );
  } else if (value.length < minimumLength) {
    add('error', 'SECRET_TOO_SHORT', `has fewer than ${minimumLength} characters`, generateSecret);
  } else if (isGuessable(value)) {
    add(
      'warn',
      'SECRET_LOW_ENTROPY',
      'has few distinct characters and may be guessed',
      generateSecret,
    );
  }
}
