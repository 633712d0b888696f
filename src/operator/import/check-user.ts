/** Checks a user of a source against the rules of a sign-up. Says what is wrong without repeating a value. */
import { z } from 'zod';
import { parseImportedHash } from '../../auth/imported-hash.js';
import { findRefusal } from '../../http/field-rules.js';
import { convertHash } from './convert-hash.js';
import type { SourceLogin, SourceUser } from './source-user.js';

/** Why a line is not imported. */
export const refusals = {
  line_too_long: 'the line is longer than 1 MiB',
  not_an_object: 'the line is not a JSON object',
  not_a_user: 'the line is not a user of this source: see docs/import.md for its fields',
  email_missing: 'the user has no e-mail address, by which this service knows its users',
  email_invalid: 'the e-mail address is invalid, so its owner could not sign in with it',
  blocked: 'the user is blocked at the source, and this service would let them in',
  repeated: 'an earlier line has the same address or id',
  id_invalid: '--keep-ids: the line has no id of 1 to 64 letters, digits and - _ . : |',
  id_taken: '--keep-ids: another user has this id',
  hash_unknown:
    'the password hash has an unknown format (--without-unknown-passwords imports without it)',
  hash_too_costly:
    'verifying the password hash would cost too much (--without-unknown-passwords imports without it)',
  profile_invalid: 'the profile breaks a rule of the profile schema',
  profile_unchecked:
    'profile fields need the settings of the service in the environment, with a profile schema',
} as const;

/** What is left out of a user who is imported. */
export const omissions = {
  password: 'password, because of its hash',
  second_factor: 'second factors: their owners set up new ones',
  login_unknown: 'logins at providers that have no name here (--login SOURCE=PROVIDER)',
  login_taken: 'logins that belong to another user',
  name: 'names that are too long or contain control characters',
  image: 'images that are no https URL',
  created_at: 'times of creation that cannot be read',
} as const;

export type Refusal = keyof typeof refusals;
export type Omission = keyof typeof omissions;

export interface ImportUser {
  /** Of the source; undefined for a new one. */
  readonly id: string | undefined;
  readonly email: string;
  readonly emailVerified: boolean;
  readonly name: string;
  readonly image: string | undefined;
  readonly createdAt: Date | undefined;
  readonly hash: string | undefined;
  /** By this service's names for providers. */
  readonly logins: readonly SourceLogin[];
  readonly profile: Readonly<Record<string, unknown>> | undefined;
  readonly omitted: readonly Omission[];
}

/** Checks a profile, and that required fields are given. */
export type CheckProfile = (profile: object | undefined) => Refusal | undefined;

export interface CheckOptions {
  /** The source's name for a provider → ours. */
  readonly providers: ReadonlyMap<string, string>;
  readonly keepIds: boolean;
  readonly withoutUnknownPasswords: boolean;
  readonly checkProfile: CheckProfile;
  readonly now: Date;
}

/** As in BetterAuth's sign-in. */
const address = z.email();

export function checkUser(user: SourceUser, options: CheckOptions): ImportUser | Refusal {
  const email = user.email?.toLowerCase();
  if (email === undefined) return 'email_missing';
  if (!address.safeParse(email).success || findRefusal({ email })) return 'email_invalid';
  if (user.isBlocked) return 'blocked';
  const id = options.keepIds ? user.id : undefined;
  if (options.keepIds && !/^[\w.:|-]{1,64}$/.test(id ?? '')) return 'id_invalid';
  const refusal = options.checkProfile(user.profile);
  if (refusal !== undefined) return refusal;

  const omitted = new Set<Omission>();
  const hash = user.hash === undefined ? undefined : convertHash(user.hash);
  const parsed = hash === undefined ? undefined : parseImportedHash(hash);
  if (typeof parsed === 'string') {
    if (!options.withoutUnknownPasswords) return parsed;
    omitted.add('password');
  }
  if (user.hasSecondFactor) omitted.add('second_factor');
  return {
    id,
    email,
    emailVerified: user.emailVerified,
    name: checkName(user.name, omitted) ?? '',
    image: checkImage(user.image, omitted),
    createdAt: checkTime(user.createdAt, options.now, omitted),
    hash: typeof parsed === 'string' ? undefined : hash,
    logins: checkLogins(user.logins, options.providers, omitted),
    profile: withoutNulls(user.profile),
    omitted: [...omitted],
  };
}

/** A field that is null is not given, as at a sign-up. */
function withoutNulls(profile: SourceUser['profile']): ImportUser['profile'] {
  if (profile === undefined) return undefined;
  return Object.fromEntries(Object.entries(profile).filter(([, value]) => value !== null));
}

function checkName(name: string | undefined, omitted: Set<Omission>): string | undefined {
  if (name === undefined || !findRefusal({ name })) return name;
  omitted.add('name');
  return undefined;
}

function checkImage(image: string | undefined, omitted: Set<Omission>): string | undefined {
  if (image === undefined) return undefined;
  if (image.startsWith('https://') && !findRefusal({ image })) return image;
  omitted.add('image');
  return undefined;
}

function checkTime(
  time: string | number | undefined,
  now: Date,
  omitted: Set<Omission>,
): Date | undefined {
  if (time === undefined) return undefined;
  const date = new Date(typeof time === 'string' && /^\d+$/.test(time) ? Number(time) : time);
  if (date.getTime() >= 0 && date <= now) return date;
  omitted.add('created_at');
  return undefined;
}

function checkLogins(
  logins: readonly SourceLogin[],
  providers: ReadonlyMap<string, string>,
  omitted: Set<Omission>,
): SourceLogin[] {
  return logins.flatMap(({ provider: name, subject }) => {
    const provider = providers.get(name);
    if (provider !== undefined && /^[^\p{Cc}\p{Cs}]{1,255}$/u.test(subject)) {
      return [{ provider, subject }];
    }
    omitted.add('login_unknown');
    return [];
  });
}
