/** Auth0: a user of the bulk export, with `passwordHash` of the password export that its support provides. */
import { z } from 'zod';
import type { Source } from '../source-user.js';
import { flag, list, nameOf, subject, text, time } from './fields.js';

const schema = z.looseObject({
  user_id: text,
  email: text,
  email_verified: flag,
  name: text,
  nickname: text,
  picture: text,
  created_at: time,
  blocked: flag,
  passwordHash: text,
  password_hash: text,
  custom_password_hash: z.looseObject({ hash: z.looseObject({ value: text }).nullish() }).nullish(),
  identities: list(z.looseObject({ provider: z.string(), user_id: subject })),
  multifactor: list(z.unknown()),
});

export const auth0: Source = {
  // windowslive and waad have ids of their own, not Microsoft's `sub`.
  providers: {
    'google-oauth2': 'google',
    github: 'github',
    apple: 'apple',
    discord: 'discord',
    gitlab: 'gitlab',
  },
  read(line) {
    const { data } = schema.safeParse(line);
    if (data === undefined) return undefined;
    const { email, identities } = data;
    return {
      id: data.user_id,
      email,
      emailVerified: data.email_verified,
      // Auth0 uses the address as the name of a user without one.
      name: nameOf(data.name === email ? undefined : data.name, data.nickname),
      image: data.picture,
      createdAt: data.created_at,
      hash: data.passwordHash ?? data.password_hash ?? data.custom_password_hash?.hash?.value,
      logins: identities
        .filter(({ provider }) => provider !== 'auth0')
        .map(({ provider, user_id }) => ({ provider, subject: user_id })),
      isBlocked: data.blocked,
      hasSecondFactor: data.multifactor.length > 0,
    };
  },
};
