/**
 * PROFILE_SCHEMA → the declared fields. The keywords are a closed subset of JSON Schema that means the same in draft-07
 * and 2020-12: no `$ref`, so nothing is fetched, and no `pattern`, so no regular expression of an operator can hang.
 */
import { z } from 'zod';
import { isReturnField } from '../../http/return-url.js';

export const maxSchemaBytes = 32_768;
const maxFields = 30;
/** Every session check reads the profile, so all texts of one user together are bounded. */
const maxTextLength = 8_192;
/** Of a text whose field has neither `maxLength` nor `enum`. */
const defaultMaxLength = 200;

const unknownKeyword = (place: string) => `has a keyword that ${place} may not have`;
const length = z.int('is not a whole number').min(0, 'is negative').optional();
const bound = z.number('is not a number').optional();
const annotations = {
  title: z.string('is not a string').optional(),
  description: z.string('is not a string').optional(),
};
const common = {
  ...annotations,
  /** `hidden` fields are stored and never shown. */
  'x-visibility': z
    .enum(['session', 'hidden'], 'is neither "session" nor "hidden"')
    .default('session'),
  'x-jwt': z.boolean('is neither true nor false').default(false),
};

const textField = z.strictObject(
  {
    type: z.literal('string'),
    ...common,
    enum: z
      .array(z.string('is not a string'), 'is not a list')
      .min(1, 'is empty')
      .refine((values) => new Set(values).size === values.length, 'holds a value twice')
      .optional(),
    minLength: length,
    maxLength: length,
    format: z.enum(['date', 'email', 'uri'], 'is none of "date", "email" and "uri"').optional(),
  },
  unknownKeyword('a string'),
);
const numberField = (type: 'number' | 'integer') =>
  z.strictObject(
    { type: z.literal(type), ...common, minimum: bound, maximum: bound },
    unknownKeyword('a number'),
  );
const booleanField = z.strictObject(
  { type: z.literal('boolean'), ...common },
  unknownKeyword('a boolean'),
);

const profileField = z
  .discriminatedUnion(
    'type',
    [textField, numberField('number'), numberField('integer'), booleanField],
    'is none of "string", "number", "integer" and "boolean"',
  )
  .refine(
    (field) => !(field['x-jwt'] && field['x-visibility'] === 'hidden'),
    'is hidden, and a JSON Web Token would show it',
  );

/**
 * Not a name that every object inherits, which would read as given where it is not, `prototype`, which no request body
 * may have, or that of a return URL, whose value would be checked and rewritten as one.
 */
const fieldName = z
  .string()
  .regex(
    /^[a-z]\w{0,39}$/i,
    'is not a name that begins with a letter and has at most 40 letters, digits and _',
  )
  .refine(
    (name) => !(name in {}) && name !== 'prototype' && !isReturnField(name),
    'is a reserved name',
  );

const profileSchema = z
  .strictObject(
    {
      $schema: z.string('is not a string').optional(),
      $id: z.string('is not a string').optional(),
      ...annotations,
      type: z.literal('object', 'is not "object"'),
      properties: z
        .record(fieldName, profileField, 'is not an object')
        .refine((fields) => Object.keys(fields).length <= maxFields, `has more than ${maxFields}`)
        .refine(
          (fields) => totalTextLength(fields) <= maxTextLength,
          `allows texts of more than ${maxTextLength} characters together: set a smaller maxLength`,
        ),
      required: z
        .array(z.string('is not a string'), 'is not a list')
        .refine((names) => new Set(names).size === names.length, 'holds a name twice')
        .default([]),
      additionalProperties: z.literal(false, 'is not false').optional(),
    },
    unknownKeyword('the schema'),
  )
  .refine(({ properties, required }) => required.every((name) => Object.hasOwn(properties, name)), {
    path: ['required'],
    error: 'names a field that properties does not declare',
  });

/** One declared field, with its defaults. */
export type ProfileField = z.infer<typeof profileField>;

export interface ProfileSchema {
  /** Name → declaration, in the order of the schema. */
  readonly fields: Readonly<Record<string, ProfileField>>;
  /** Names of the fields that a sign-up must give. */
  readonly required: readonly string[];
}

/** How many faults are reported: the rest is often the same mistake. */
const maxFaults = 5;

/**
 * @param text undefined where it could not be read
 * @returns the fields, or what is wrong with the schema, each with its place and without a value
 */
export function parseProfileSchema(
  text: string | undefined,
): ProfileSchema | { readonly faults: readonly string[] } {
  if (text === undefined) {
    return { faults: ['is neither an inline JSON Schema nor a readable file of at most 32 kB'] };
  }
  if (Buffer.byteLength(text) > maxSchemaBytes) return { faults: ['is larger than 32 kB'] };
  const parsed = profileSchema.safeParse(parseJson(text), { error: ({ message }) => message });
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => {
      // Zod keeps what is wrong with a key inside its own issue.
      const { message } = (issue.code === 'invalid_key' && issue.issues[0]) || issue;
      return `is invalid at ${issue.path.join('.') || 'its root'}: it ${message}`;
    });
    return { faults: faults.slice(0, maxFaults) };
  }
  const { properties, required } = parsed.data;
  return { fields: properties, required };
}

/** The number of characters that a text of this field may have; 0 of a number or boolean. */
export function maxLengthOf(field: ProfileField): number {
  if (field.type !== 'string') return 0;
  if (field.enum) return Math.max(...field.enum.map((value) => value.length));
  return field.maxLength ?? defaultMaxLength;
}

function totalTextLength(fields: Readonly<Record<string, ProfileField>>): number {
  return Object.values(fields).reduce((total, field) => total + maxLengthOf(field), 0);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
