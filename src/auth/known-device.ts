/**
 * A cookie that proves that this browser signed in to an account before, so that guesses elsewhere do not hold its owner
 * back there (account-limit.ts). It gives no access, and names no account: each entry is a random id and a keyed hash of it
 * with the account's address.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { GenericEndpointContext } from 'better-auth';
import { parseCookies } from 'better-auth/cookies';
import type { Config } from '../config/config.js';
import { cookiePrefix } from '../config/cookie-policy.js';

/** Browsers are shared by few people; the oldest entry is dropped. */
const maximumEntries = 5;

/** As long as a network from which the account signed in counts as known. */
const lifetimeSeconds = 90 * 86_400;

const idLength = 16; // 96 bits
const entryPattern = /^[\w-]{16}[\w-]{43}$/;

export interface KnownDevices {
  /** The id of this browser for the account; undefined if it did not sign in to it. @param email in lower case */
  find(headers: Headers | undefined, email: string): string | undefined;
  /** After a sign-in. @param email in lower case */
  remember(ctx: GenericEndpointContext, email: string): void;
}

/** Without the prefix. */
const deviceCookie = 'known_device';

export function createKnownDevices({
  keyRing: { current, previous },
  cookies,
}: Pick<Config, 'keyRing' | 'cookies'>): KnownDevices {
  const cookieName = `${cookies.secure ? '__Secure-' : ''}${cookiePrefix}.${deviceCookie}`;

  function entries(headers: Headers | undefined): string[] {
    const value = parseCookies(headers?.get('cookie') ?? '').get(cookieName) ?? '';
    return value
      .split('.')
      .filter((entry) => entryPattern.test(entry))
      .slice(0, maximumEntries);
  }

  function find(headers: Headers | undefined, email: string): string | undefined {
    const own = entries(headers).find((entry) => {
      const [id, proof] = [entry.slice(0, idLength), entry.slice(idLength)];
      return [current, ...previous].some(({ value }) => isEqual(proof, proofOf(value, email, id)));
    });
    return own?.slice(0, idLength);
  }

  return {
    find,
    remember(ctx, email) {
      if (find(ctx.headers, email) !== undefined) return;
      const id = randomBytes(12).toString('base64url');
      const entry = `${id}${proofOf(current.value, email, id)}`;
      const value = [entry, ...entries(ctx.headers)].slice(0, maximumEntries).join('.');
      const { attributes } = ctx.context.createAuthCookie(deviceCookie, {
        maxAge: lifetimeSeconds,
      });
      ctx.setCookie(cookieName, value, attributes);
    },
  };
}

function proofOf(secret: string, email: string, id: string): string {
  const text = JSON.stringify(['known device', email, id]);
  return createHmac('sha256', secret).update(text).digest('base64url');
}

function isEqual(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
