/**
 * ALTCHA: a proof of work that the page's script computes. A challenge is signed and not stored; a solved one is, so that
 * it is used once.
 */
import { createHash, hkdfSync, randomUUID } from 'node:crypto';
import { createChallenge, verifySolution, type Payload } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { KeyRing } from '../../config/secrets.js';
import type { Orm } from '../../db/client.js';
import { nowMs } from '../../db/rate-limit-store.js';
import { CaptchaFailure, type CaptchaProvider } from './captcha-provider.js';

const lifetimeMs = 5 * 60_000;

/** 256 derivations on average: about a second for a browser, where checking the result takes this service 2 ms. */
const work = { algorithm: 'PBKDF2/SHA-256', cost: 5_000, keyPrefix: '00' } as const;

/** A solution has about 700 characters. */
const maxTokenLength = 4_096;

/** The library checks the rest; these fields it uses before it has checked the signature. */
const payloadShape = z.object({
  challenge: z.object({
    parameters: z.looseObject({ expiresAt: z.number() }),
    signature: z.string(),
  }),
  solution: z.object({ counter: z.number(), derivedKey: z.string() }),
});

export function createProofOfWork({ current, previous }: KeyRing, orm: Orm): CaptchaProvider {
  const [key, ...olderKeys] = [current, ...previous].map(({ value }) =>
    Buffer.from(hkdfSync('sha256', value, '', 'auth-service altcha', 32)).toString('hex'),
  ) as [string, ...string[]];

  /** @throws CaptchaFailure */
  async function check(payload: Payload): Promise<void> {
    for (const hmacSignatureSecret of [key, ...olderKeys]) {
      const result = await verifySolution({ ...payload, deriveKey, hmacSignatureSecret });
      if (result.verified) return;
      if (result.expired) throw new CaptchaFailure('captcha_expired');
      if (result.invalidSignature !== true) break;
    }
    throw new CaptchaFailure('captcha_wrong');
  }

  /** Of concurrent requests with one solution, one uses it. The sweep deletes the row after a day. */
  async function use(signature: string): Promise<void> {
    const name = `captcha|${createHash('sha256').update(signature).digest('base64url')}`;
    const { rows } = await orm.execute(sql`
      insert into rate_limit (id, key, count, last_request) values (${randomUUID()}, ${name}, 1, ${nowMs})
      on conflict (key) do nothing returning 1`);
    if (rows.length === 0) throw new CaptchaFailure('captcha_used');
  }

  return {
    isFailing: () => false,
    async challenge() {
      const expiresAt = new Date(Date.now() + lifetimeMs);
      const options = { ...work, expiresAt, deriveKey, hmacSignatureSecret: key };
      return { challenge: await createChallenge(options) };
    },
    async verify(token) {
      const payload = readPayload(token);
      if (payload === undefined) throw new CaptchaFailure('captcha_wrong');
      await check(payload as unknown as Payload);
      await use(payload.challenge.signature);
    },
  };
}

/** @param token base64 of JSON, as ALTCHA's widget makes it */
function readPayload(token: string): z.infer<typeof payloadShape> | undefined {
  if (token.length > maxTokenLength) return undefined;
  try {
    return payloadShape.parse(JSON.parse(Buffer.from(token, 'base64').toString('utf8')));
  } catch {
    return undefined;
  }
}
