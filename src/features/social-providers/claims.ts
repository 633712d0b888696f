/** Reads what a provider says of a person. Everything in it is untrusted text. */
import { z } from 'zod';
import type { ProviderIdentity, ProviderKind } from '../../identity-providers.js';

/** The tenant of personal Microsoft accounts, whose addresses Microsoft has verified. */
const microsoftPersonalTenant = '9188040d-6c67-4c5b-b112-36a304b66dad';

const maxNameLength = 100;
const maxImageLength = 2_048;
const emailSchema = z.email().max(254);

interface RawIdentity extends Pick<ProviderIdentity, 'subject' | 'emailVerified' | 'tokens'> {
  readonly email: unknown;
  readonly name: unknown;
  readonly image: unknown;
}

/** @throws Error without a subject */
export function identityOf(raw: RawIdentity): ProviderIdentity {
  const { subject, emailVerified, tokens } = raw;
  if (!/^[^\p{Cc}]{1,255}$/u.test(subject)) throw new Error('the provider sent no valid subject');
  const email = emailSchema.safeParse(raw.email).data?.toLowerCase();
  return {
    subject,
    email,
    emailVerified: email !== undefined && emailVerified,
    name: readName(raw.name),
    image: readImage(raw.image),
    tokens,
  };
}

/**
 * Whether the provider vouches for the address.
 * @see https://learn.microsoft.com/entra/identity-platform/optional-claims-reference for xms_edov
 */
export function isEmailVerified(
  kind: ProviderKind,
  claims: Readonly<Record<string, unknown>>,
): boolean {
  if (kind === 'microsoft') {
    // Any administrator of a tenant can give a user any address ("nOAuth"), so `email` alone proves nothing.
    return isTrue(claims.xms_edov) || claims.tid === microsoftPersonalTenant;
  }
  return isTrue(claims.email_verified);
}

/** Apple sends it as text. */
function isTrue(claim: unknown): boolean {
  return claim === true || claim === 'true' || claim === 1 || claim === '1';
}

const appleUser = z.object({
  name: z.object({ firstName: z.string().optional(), lastName: z.string().optional() }).optional(),
});

/** @param user the form field that Apple's page posts at the first sign-in: JSON */
export function readAppleName(user: string | null): string | undefined {
  if (user === null) return undefined;
  try {
    const { name } = appleUser.parse(JSON.parse(user));
    return [name?.firstName, name?.lastName].filter(Boolean).join(' ');
  } catch {
    return undefined; // sent by the browser, so it may be anything
  }
}

function readName(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  // Control and direction characters could change how the text around a name reads.
  const name = value.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ').trim();
  return name === '' ? undefined : Array.from(name).slice(0, maxNameLength).join('');
}

function readImage(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > maxImageLength) return undefined;
  return URL.canParse(value) && new URL(value).protocol === 'https:'
    ? new URL(value).href
    : undefined;
}
