/** Checks the field `profile` of a request body against the schema. Loaded lazily, because Ajv is large. */
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { z } from 'zod';
import { authBasePath } from '../../auth/auth-constants.js';
import { isPrintable, noControls, type InputRule, type Refusal } from '../../http/field-rules.js';
import { maxLengthOf, type ProfileField, type ProfileSchema } from './profile-schema.js';
import { errors } from './reasons.js';

const signUpPath = `${authBasePath}/sign-up/email`;

/** A `uri` is a web address: a site that links a `javascript:` URI would run it. */
const formats = { date: z.iso.date(), email: z.email(), uri: z.httpUrl() };

/** Longer lists of values are not repeated in an error. */
const maxListedValues = 20;

/** @returns a rule that refuses with INVALID_PROFILE and an error for each field in `fields` */
export function createInputRule({ fields, required }: ProfileSchema): InputRule {
  const ajv = new Ajv({ allErrors: true, allowUnionTypes: true });
  ajv.addVocabulary(['x-visibility', 'x-jwt']);
  for (const [name, schema] of Object.entries(formats)) {
    // Zod trims before it validates, and the original is stored.
    ajv.addFormat(
      name,
      (value: string) => value === value.trim() && schema.safeParse(value).success,
    );
  }
  const properties = Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [name, withMaxLength(field)]),
  );
  const schema = { type: 'object', properties, additionalProperties: false };
  const validateUpdate = ajv.compile(schema);
  const validateSignUp = ajv.compile({ ...schema, required });

  return function checkProfile(path, body) {
    const isSignUp = path === signUpPath;
    if (body.profile === undefined && !isSignUp) return undefined;
    const { profile = {} } = body;
    if (typeof profile !== 'object' || profile === null || Array.isArray(profile)) {
      return refuse('profile must be an object.', {});
    }
    // Null removes a field on update and gives none at sign-up, whatever the field's type is.
    const given = Object.entries(profile).filter(
      ([name, value]) => value !== null || !Object.hasOwn(fields, name),
    );
    const validate = isSignUp ? validateSignUp : validateUpdate;
    if (!validate(Object.fromEntries(given))) {
      return refuse(errors.INVALID_PROFILE.message, errorsByField(validate));
    }
    const unprintable = given.filter(
      ([, value]) => typeof value === 'string' && !isPrintable(value),
    );
    if (unprintable.length === 0) return undefined;
    const faults = Object.fromEntries(unprintable.map(([name]) => [name, noControls]));
    return refuse(errors.INVALID_PROFILE.message, faults);
  };
}

function refuse(message: string, fields: Readonly<Record<string, string>>): Refusal {
  return { status: errors.INVALID_PROFILE.status, code: 'INVALID_PROFILE', message, fields };
}

function withMaxLength(field: ProfileField): object {
  return field.type === 'string' ? { ...field, maxLength: maxLengthOf(field) } : field;
}

/** The first error of each field. */
function errorsByField({ errors: found }: ValidateFunction): Record<string, string> {
  const byField = new Map<string, string>();
  for (const error of found ?? []) {
    const { missingProperty, additionalProperty } = error.params as Record<string, string>;
    const name = missingProperty ?? additionalProperty ?? error.instancePath.slice(1);
    // A name that the caller made up is not repeated unless it is plain.
    const named = /^\w{1,64}$/.test(name) ? name : 'a field';
    if (!byField.has(named)) byField.set(named, describe(error));
  }
  return Object.fromEntries(byField);
}

function describe({ keyword, params, message = 'is invalid' }: ErrorObject): string {
  const { limit, type, allowedValues, format } = params as Record<string, unknown>;
  switch (keyword) {
    case 'required':
      return 'is required';
    case 'additionalProperties':
      return 'is not a field of the profile';
    case 'type':
      return `must be ${type === 'integer' ? 'a whole number' : `a ${String(type)}`}`;
    case 'minLength':
      return `must have at least ${String(limit)} characters`;
    case 'maxLength':
      return `must have at most ${String(limit)} characters`;
    case 'minimum':
      return `must be at least ${String(limit)}`;
    case 'maximum':
      return `must be at most ${String(limit)}`;
    case 'format':
      return format === 'date' ? 'must be a date like 2026-01-31' : describeFormat(format);
    case 'enum': {
      const values = allowedValues as string[];
      return values.length > maxListedValues
        ? 'must be one of the allowed values'
        : `must be one of ${values.join(', ')}`;
    }
    default:
      return message;
  }
}

function describeFormat(format: unknown): string {
  return format === 'email' ? 'must be an e-mail address' : 'must be an http or https URL';
}
