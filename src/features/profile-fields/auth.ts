/** BetterAuth's side of profile fields: the field `profile` of the user, merged on update. */
import { sql } from 'drizzle-orm';
import type { AuthPart } from '../../auth/auth-part.js';
import type { ProfileSchema } from './profile-schema.js';
import { createProfileOutput } from './shown-profile.js';

export function createAuthPart(schema: ProfileSchema): AuthPart {
  const output = createProfileOutput(schema);
  return {
    outputs: { user: { profile: output } },
    plugins: [
      {
        id: 'profile-fields',
        schema: {
          user: { fields: { profile: { type: 'json', required: false, transform: { output } } } },
        },
        init: () => ({
          options: {
            databaseHooks: {
              user: {
                create: { before: (user) => Promise.resolve(withProfile(user, stripNulls)) },
                update: { before: (user) => Promise.resolve(withProfile(user, mergeIntoStored)) },
              },
            },
          },
        }),
      },
    ],
  };
}

/** The hook's result, which replaces the profile; undefined where the statement does not write it. */
function withProfile<User extends object>(
  user: User,
  store: (profile: object) => unknown,
): { data: User } | undefined {
  const { profile } = user as { profile?: object | null };
  return profile ? { data: { ...user, profile: store(profile) } } : undefined;
}

/** A new user's fields. A field that is null is not given. */
function stripNulls(profile: object): object {
  return Object.fromEntries(Object.entries(profile).filter(([, value]) => value !== null));
}

/** One statement, so that of two updates at once neither is lost. A field that is null is removed. */
function mergeIntoStored(profile: object): unknown {
  const given = JSON.stringify(profile);
  return sql`jsonb_strip_nulls(coalesce("user"."profile", '{}'::jsonb) || ${given}::jsonb)`;
}
