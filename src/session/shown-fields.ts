/** The fields of a session and its user that `/session` returns: those of the core and those that features declare public. */
import type { Identity } from './inspector.js';

/** Converts a stored value to its output. */
export type FieldOutput = (
  stored: unknown,
) => string | number | boolean | null | Readonly<Record<string, unknown>>;

/** Field names, in output order. */
export interface IdentityFields {
  readonly session: readonly string[];
  readonly user: readonly string[];
  /** For the fields of the user that are not shown as they are stored. */
  readonly outputs?: { readonly user: Readonly<Record<string, FieldOutput>> };
}

/** Without the token, which is a credential (ASVS 3.3.4). */
export const coreFields: IdentityFields = {
  session: [
    'id',
    'userId',
    'expiresAt',
    'createdAt',
    'updatedAt',
    'ipAddress',
    'userAgent',
    'aal',
    'methods',
    'provenAt',
  ],
  user: ['id', 'name', 'email', 'emailVerified', 'image', 'createdAt', 'updatedAt'],
};

/** The core's fields, then each feature's. */
export function shownFields(ofFeatures: readonly Partial<IdentityFields>[]): IdentityFields {
  const outputs = ofFeatures.flatMap((fields) => Object.entries(fields.outputs?.user ?? {}));
  return {
    session: [...coreFields.session, ...ofFeatures.flatMap(({ session = [] }) => session)],
    user: [...coreFields.user, ...ofFeatures.flatMap(({ user = [] }) => user)],
    outputs: { user: Object.fromEntries(outputs) },
  };
}

/** The identity with only these fields: a row may have a feature's private columns. */
export function pickFields(
  { session, user }: Identity,
  fields: IdentityFields,
): Record<'session' | 'user', Record<string, unknown>> {
  const picked = { session: pick(session, fields.session), user: pick(user, fields.user) };
  for (const [name, output] of Object.entries(fields.outputs?.user ?? {})) {
    picked.user[name] = output(picked.user[name]);
  }
  return picked;
}

export function pick(row: object, names: readonly string[]): Record<string, unknown> {
  const values = row as Readonly<Record<string, unknown>>;
  const picked: Record<string, unknown> = {};
  for (const name of names) picked[name] = values[name];
  return picked;
}
