/** Between the profile and the inputs of a form, whose names begin with `profile.`. */
import { translate } from '@docusaurus/Translate';
import type { ProfileField, ProfileSchema } from '../profile-schema.js';
import { profileInputName } from './profile-input-name.js';

export type Profile = Readonly<Record<string, unknown>>;

/** The fields of a form: all at sign-up, those with a visible value on the account page. */
export function profileFields(
  schema: ProfileSchema | undefined,
  page: 'signUp' | 'account',
): readonly (readonly [string, ProfileField])[] {
  return Object.entries(schema?.properties ?? {}).filter(
    ([, field]) => page === 'signUp' || field['x-visibility'] !== 'hidden',
  );
}

/** The profile to send. A field without a value is null, which removes it from a stored profile. */
export function readProfileInputs(
  fields: readonly (readonly [string, ProfileField])[],
  input: (name: string) => string,
): Profile {
  return Object.fromEntries(
    fields.map(([name, field]) => [name, readValue(field, input(profileInputName(name)).trim())]),
  );
}

/** The values that differ from those that the inputs were rendered with: saving must not undo what another tab saved. */
export function changedProfile(
  fields: readonly (readonly [string, ProfileField])[],
  values: Profile,
  rendered: Profile,
): Profile {
  const changed = fields.filter(
    ([name, field]) => values[name] !== renderedValue(field, rendered[name]),
  );
  return Object.fromEntries(changed.map(([name]) => [name, values[name]]));
}

/** As an untouched input gives it back. A choice that the schema no longer lists is rendered as none. */
function renderedValue({ type, enum: choices }: ProfileField, stored: unknown): unknown {
  if (type === 'boolean') return stored === true;
  if (choices && !choices.includes(String(stored))) return null;
  return stored ?? null;
}

/** The error of each required field without a value, by the name of its input. A checkbox always has a value. */
export function profileErrors(
  { properties, required = [] }: ProfileSchema,
  input: (name: string) => string,
): Record<string, string | undefined> {
  const missing = translate({
    id: 'theme.auth.field.profile.missing',
    message: 'This field is required.',
    description: 'The error below an empty field of the profile',
  });
  const names = required
    .filter((name) => properties[name]?.type !== 'boolean')
    .map(profileInputName)
    .filter((name) => input(name).trim() === '');
  return Object.fromEntries(names.map((name) => [name, missing]));
}

function readValue({ type }: ProfileField, text: string): unknown {
  if (type === 'boolean') return text !== ''; // a checkbox sends nothing unless it is checked
  if (text === '') return null;
  if (type === 'string') return text;
  const value = Number(text);
  return Number.isFinite(value) ? value : text; // the service says what is wrong with it
}
