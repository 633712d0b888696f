/** Clerk: a row of the CSV export as JSON, optionally with fields of the user in its API. */
import { z } from 'zod';
import { firebaseHash, pbkdf2Hash } from '../convert-hash.js';
import type { Source } from '../source-user.js';
import { flag, joined, list, nameOf, subject, text, time } from './fields.js';

const schema = z.looseObject({
  id: text,
  first_name: text,
  last_name: text,
  primary_email_address: text,
  verified_email_addresses: text,
  password_digest: text,
  password_hasher: text,
  totp_secret: text,
  image_url: text,
  created_at: time,
  banned: flag,
  external_accounts: list(z.looseObject({ provider: z.string(), provider_user_id: subject })),
});

export const clerk: Source = {
  providers: {
    oauth_google: 'google',
    oauth_github: 'github',
    oauth_apple: 'apple',
    oauth_discord: 'discord',
    oauth_gitlab: 'gitlab',
  },
  read(line) {
    const { data } = schema.safeParse(line);
    if (data === undefined) return undefined;
    const { primary_email_address: email, verified_email_addresses: verified = '' } = data;
    return {
      id: data.id,
      email,
      emailVerified: email !== undefined && verified.split(/[\s,;|]+/).includes(email),
      name: nameOf(joined(data.first_name, data.last_name)),
      image: data.image_url,
      createdAt: data.created_at,
      hash: convertDigest(data.password_digest, data.password_hasher),
      logins: data.external_accounts.map(({ provider, provider_user_id }) => ({
        provider,
        subject: provider_user_id,
      })),
      // Clerk lifts a lock after wrong passwords automatically, but not a ban.
      isBlocked: data.banned,
      hasSecondFactor: data.totp_secret !== undefined,
    };
  },
};

/** The forms that Clerk documents for createUser, where they differ from those of convert-hash.ts. */
function convertDigest(digest: string | undefined, hasher: string | undefined): string | undefined {
  if (digest === undefined) return undefined;
  if (hasher === 'pbkdf2_sha256') {
    const [, iterations, salt, key] = digest.split('$');
    return pbkdf2Hash('sha256', iterations, salt, key);
  }
  if (hasher === 'pbkdf2_sha1') {
    const [, iterations, salt = '', key = ''] = digest.split('$');
    const [saltBytes, keyBytes] = [Buffer.from(salt), Buffer.from(key, 'hex')];
    return pbkdf2Hash(
      'sha1',
      iterations,
      saltBytes.toString('base64'),
      keyBytes.toString('base64'),
    );
  }
  if (hasher === 'scrypt_firebase') {
    const [hash = '', salt = '', signerKey = '', saltSeparator = '', rounds, memoryCost] =
      digest.split('$');
    const project = {
      signerKey,
      saltSeparator,
      rounds: Number(rounds),
      memoryCost: Number(memoryCost),
    };
    return firebaseHash(project, salt, hash);
  }
  return digest;
}
