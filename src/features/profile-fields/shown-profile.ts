/** Which profile fields leave the service, and where. */
import type { FieldOutput, IdentityFields } from '../../session/shown-fields.js';
import type { TokenClaims } from '../slots.js';
import type { ProfileField, ProfileSchema } from './profile-schema.js';

/** `/session` and BetterAuth's responses show the fields that are not hidden. */
export function createProfileOutput(schema: ProfileSchema): FieldOutput {
  return showWhere(schema, (field) => field['x-visibility'] === 'session');
}

export function shownProfileFields(schema: ProfileSchema): Partial<IdentityFields> {
  return { user: ['profile'], outputs: { user: { profile: createProfileOutput(schema) } } };
}

/** A JSON Web Token has the fields marked `"x-jwt": true`, and no `profile` where there are none. */
export function createProfileClaims(schema: ProfileSchema): TokenClaims {
  const isClaimed = (field: ProfileField) => field['x-jwt'];
  if (!Object.values(schema.fields).some(isClaimed)) return () => ({});
  const show = showWhere(schema, isClaimed);
  return ({ profile }) => ({ profile: show(profile) });
}

/** From the stored column to an object with the fields that are shown; a field without a value is left out. */
function showWhere(
  { fields }: ProfileSchema,
  isShown: (field: ProfileField) => boolean,
): FieldOutput {
  const names = Object.entries(fields).flatMap(([name, field]) => (isShown(field) ? [name] : []));
  return (stored) => {
    const values = (stored ?? {}) as Readonly<Record<string, unknown>>;
    const given = names.filter((name) => values[name] !== undefined);
    return Object.fromEntries(given.map((name) => [name, values[name]]));
  };
}
