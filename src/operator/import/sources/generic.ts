/** This service's own format. Unknown fields are refused: a misspelt one would silently lose a password. */
import { z } from 'zod';
import type { Source } from '../source-user.js';
import { list, sameNames, subject, text, time } from './fields.js';

const schema = z.strictObject({
  id: text,
  email: text,
  emailVerified: z.boolean().nullish(),
  name: text,
  image: text,
  createdAt: time,
  passwordHash: text,
  logins: list(z.strictObject({ provider: z.string(), subject })),
  profile: z.record(z.string(), z.unknown()).nullish(),
});

export const generic: Source = {
  providers: sameNames,
  read(line) {
    const { data } = schema.safeParse(line);
    if (data === undefined) return undefined;
    const { passwordHash, emailVerified, profile, ...fields } = data;
    return {
      ...fields,
      emailVerified: emailVerified === true,
      hash: passwordHash,
      isBlocked: false,
      hasSecondFactor: false,
      profile: profile ?? undefined,
    };
  },
};
