/**
 * Challenges of ceremonies. They are signed rather than stored: asking for one writes nothing, so nobody can fill a table,
 * and any number of ceremonies of a browser run at once. A used one is stored, in the transaction that its use is part of.
 */
import { createHash, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import type { KeyRing } from '../../../config/secrets.js';
import type { OrmOrTransaction } from '../../../db/client.js';
import { usedChallenge } from '../tables.js';

/** `verify` is for sign-ins and second factors: both prove the same. */
export type ChallengePurpose = 'verify' | 'enrol';

/** WebAuthn level 3, section 15.1, recommends five to ten minutes. */
export const challengeLifetimeMs = 600_000;

const purposes: Readonly<Record<ChallengePurpose, number>> = { verify: 1, enrol: 2 };

/** Bytes of: purpose, expiry in milliseconds, random part, user, HMAC-SHA-256 of the others. */
const parts = { purpose: 1, expiry: 6, nonce: 16, user: 16, mac: 32 } as const;
const signedBytes = parts.purpose + parts.expiry + parts.nonce + parts.user;

export interface Challenge {
  /** base64url */
  readonly nonce: string;
  readonly expiresAt: Date;
  /** Whether it was issued to this user. */
  isFor(userId: string): boolean;
}

export type Challenges = ReturnType<typeof createChallenges>;

export function createChallenges({ current, previous }: KeyRing, now: () => Date) {
  const [key, ...older] = [current, ...previous].map(({ value }) =>
    Buffer.from(hkdfSync('sha256', value, '', 'auth-service passkey challenge', 32)),
  ) as [Buffer, ...Buffer[]];

  return {
    /** @param userId whom it is for; undefined where that is not known yet */
    issue(purpose: ChallengePurpose, userId?: string): Uint8Array<ArrayBuffer> {
      const expiry = Buffer.alloc(parts.expiry);
      expiry.writeUIntBE(now().getTime() + challengeLifetimeMs, 0, parts.expiry);
      const signed = Buffer.concat([
        Buffer.from([purposes[purpose]]),
        expiry,
        randomBytes(parts.nonce),
        userTag(userId),
      ]);
      return Uint8Array.from(Buffer.concat([signed, macOf(key, signed)]));
    },

    /** @param text base64url. @returns the reason if the challenge is not valid */
    read(
      text: string,
      purpose: ChallengePurpose,
    ): Challenge | 'challenge_unknown' | 'challenge_expired' {
      const bytes = Buffer.from(text, 'base64url');
      if (bytes.length !== signedBytes + parts.mac) return 'challenge_unknown';
      const [signed, mac] = [bytes.subarray(0, signedBytes), bytes.subarray(signedBytes)];
      const isOwn = [key, ...older].some((one) => timingSafeEqual(macOf(one, signed), mac));
      if (!isOwn || signed[0] !== purposes[purpose]) return 'challenge_unknown';
      const expiresAt = new Date(signed.readUIntBE(parts.purpose, parts.expiry));
      if (expiresAt <= now()) return 'challenge_expired';
      const nonceAt = parts.purpose + parts.expiry;
      const userAt = nonceAt + parts.nonce;
      return {
        nonce: signed.subarray(nonceAt, userAt).toString('base64url'),
        expiresAt,
        isFor: (userId) => signed.subarray(userAt).equals(userTag(userId)),
      };
    },
  };
}

/** Of concurrent calls one gets true. */
export async function markUsed(
  tx: OrmOrTransaction,
  { nonce, expiresAt }: Challenge,
): Promise<boolean> {
  const used = await tx
    .insert(usedChallenge)
    .values({ nonce, expiresAt })
    .onConflictDoNothing()
    .returning({ nonce: usedChallenge.nonce });
  return used.length > 0;
}

function macOf(key: Buffer, signed: Buffer): Buffer {
  return createHmac('sha256', key).update(signed).digest();
}

/** Not the id itself: the challenge is shown to pages. */
function userTag(userId: string | undefined): Buffer {
  if (userId === undefined) return Buffer.alloc(parts.user);
  return createHash('sha256').update(`passkey ${userId}`).digest().subarray(0, parts.user);
}
