/** Supabase: a row of auth.users as JSON, with the rows of auth.identities in `identities`. */
import { z } from 'zod';
import type { Source } from '../source-user.js';
import { flag, list, nameOf, subject, text, time } from './fields.js';

const schema = z.looseObject({
  id: text,
  email: text,
  email_confirmed_at: text,
  encrypted_password: text,
  raw_user_meta_data: z
    .looseObject({ full_name: text, name: text, avatar_url: text, picture: text })
    .nullish(),
  created_at: time,
  banned_until: text,
  deleted_at: text,
  is_anonymous: flag,
  identities: list(z.looseObject({ provider: z.string(), provider_id: subject })),
});

export const supabase: Source = {
  providers: {
    google: 'google',
    github: 'github',
    apple: 'apple',
    discord: 'discord',
    gitlab: 'gitlab',
  },
  read(line) {
    const { data } = schema.safeParse(line);
    if (data === undefined) return undefined;
    const { raw_user_meta_data: given, banned_until: bannedUntil } = data;
    return {
      id: data.id,
      email: data.email,
      emailVerified: data.email_confirmed_at !== undefined,
      name: nameOf(given?.full_name, given?.name),
      image: given?.avatar_url ?? given?.picture,
      createdAt: data.created_at,
      hash: data.encrypted_password,
      logins: data.identities
        .filter(({ provider }) => provider !== 'email' && provider !== 'phone')
        .map(({ provider, provider_id }) => ({ provider, subject: provider_id })),
      // A ban that has ended stays in the column. A time that cannot be read is a ban.
      isBlocked:
        data.deleted_at !== undefined ||
        (bannedUntil !== undefined && !(Date.parse(bannedUntil) < Date.now())),
      hasSecondFactor: false,
    };
  },
};
