/** The fields of a session and its user that `/session` returns: those of the core and those that features declare public. */
import type { Identity } from './inspector.js';

/** Field names, in output order. */
export interface IdentityFields {
  readonly session: readonly string[];
  readonly user: readonly string[];
}

/** Without the token, which is a credential (ASVS 3.3.4). */
const coreFields: IdentityFields = {
  session: ['id', 'userId', 'expiresAt', 'createdAt', 'updatedAt', 'ipAddress', 'userAgent'],
  user: ['id', 'name', 'email', 'emailVerified', 'image', 'createdAt', 'updatedAt'],
};

/** The core's fields, then each feature's. */
export function shownFields(ofFeatures: readonly Partial<IdentityFields>[]): IdentityFields {
  return {
    session: [...coreFields.session, ...ofFeatures.flatMap(({ session = [] }) => session)],
    user: [...coreFields.user, ...ofFeatures.flatMap(({ user = [] }) => user)],
  };
}

/** The identity with only these fields: a row may have a feature's private columns. */
export function pickFields(
  { session, user }: Identity,
  fields: IdentityFields,
): Record<keyof IdentityFields, Record<string, unknown>> {
  return { session: pick(session, fields.session), user: pick(user, fields.user) };
}

function pick(row: object, names: readonly string[]): Record<string, unknown> {
  const values = row as Readonly<Record<string, unknown>>;
  const picked: Record<string, unknown> = {};
  for (const name of names) picked[name] = values[name];
  return picked;
}
