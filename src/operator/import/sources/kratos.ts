/** Ory Kratos: an identity of its admin API, with `include_credential=password` and `=oidc`. */
import { z } from 'zod';
import type { Source } from '../source-user.js';
import { flag, joined, list, nameOf, sameNames, subject, text, time } from './fields.js';

const name = z
  .union([z.string(), z.looseObject({ first: text, last: text })])
  .nullish()
  .transform((value) =>
    typeof value === 'string' ? value : value ? joined(value.first, value.last) : undefined,
  );

const schema = z.looseObject({
  id: text,
  state: text,
  traits: z.looseObject({ email: text, name, picture: text }).nullish(),
  verifiable_addresses: list(z.looseObject({ value: text, verified: flag })),
  created_at: time,
  credentials: z
    .looseObject({
      password: z
        .looseObject({ config: z.looseObject({ hashed_password: text }).nullish() })
        .nullish(),
      oidc: z
        .looseObject({
          config: z
            .looseObject({ providers: list(z.looseObject({ provider: z.string(), subject })) })
            .nullish(),
        })
        .nullish(),
      totp: z.unknown().optional(),
      lookup_secret: z.unknown().optional(),
      webauthn: z.unknown().optional(),
    })
    .nullish(),
});

export const kratos: Source = {
  // Kratos' names are the operator's own, usually these.
  providers: sameNames,
  read(line) {
    const { data } = schema.safeParse(line);
    if (data === undefined) return undefined;
    const { traits, credentials } = data;
    const email = traits?.email;
    return {
      id: data.id,
      email,
      emailVerified: data.verifiable_addresses.some(
        ({ value, verified }) => verified && value?.toLowerCase() === email?.toLowerCase(),
      ),
      name: nameOf(traits?.name),
      image: traits?.picture,
      createdAt: data.created_at,
      hash: credentials?.password?.config?.hashed_password,
      logins: credentials?.oidc?.config?.providers ?? [],
      isBlocked: data.state === 'inactive',
      hasSecondFactor: [credentials?.totp, credentials?.lookup_secret, credentials?.webauthn].some(
        Boolean,
      ),
    };
  },
};
