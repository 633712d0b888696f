/** The option `profileSchema`: the JSON Schema of the service's PROFILE_SCHEMA, from which the pages make their fields. */

export interface ProfileField {
  readonly type: 'string' | 'number' | 'integer' | 'boolean';
  /** The label; the field's name if there is none. */
  readonly title?: string;
  /** The help below the label. */
  readonly description?: string;
  /** The values to choose from. */
  readonly enum?: readonly string[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly format?: 'date' | 'email' | 'uri';
  /** A hidden field is asked for at sign-up only: the service never shows its value. */
  readonly 'x-visibility'?: 'session' | 'hidden';
}

export interface ProfileSchema {
  readonly properties: Readonly<Record<string, ProfileField>>;
  /** The fields that a sign-up must have. */
  readonly required?: readonly string[];
}

const types: readonly unknown[] = ['string', 'number', 'integer', 'boolean'];

/** @throws Error with a message that names the option */
export function readProfileSchema(given: unknown): ProfileSchema {
  const properties = isObject(given) && isObject(given.properties) ? given.properties : undefined;
  if (properties === undefined) {
    throw new Error('profileSchema must be the JSON Schema of PROFILE_SCHEMA, with properties.');
  }
  for (const [name, field] of Object.entries(properties)) {
    if (!isObject(field) || !types.includes(field.type)) {
      throw new Error(`profileSchema: the type of ${name} must be one of ${types.join(', ')}.`);
    }
  }
  return given as ProfileSchema;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
