/** Profile fields: fields of the user that the operator declares in a JSON Schema. */
import { statSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { defineFeature } from '../definition.js';
import { maxSchemaBytes, parseProfileSchema } from './profile-schema.js';

const allowedKeywords =
  'use an object schema whose fields have type string, number, integer or boolean and no keywords other than title, description, x-visibility, x-jwt; for strings enum, minLength, maxLength, format; for numbers minimum, maximum';

export const profileFields = defineFeature({
  name: 'profile-fields',
  summary: 'adds fields of your own to the user, declared in a JSON Schema',
  variables: {
    PROFILE_SCHEMA: z
      .string()
      .optional()
      .describe(
        'JSON Schema of further fields of the user, or the path to a file that holds it; unset means none',
      ),
  },
  readSettings({ PROFILE_SCHEMA }, _core, report) {
    if (PROFILE_SCHEMA === undefined) return undefined;
    const schema = parseProfileSchema(readSchemaText(PROFILE_SCHEMA));
    if ('fields' in schema) return schema;
    for (const message of schema.faults) {
      report({
        level: 'error',
        code: 'PROFILE_SCHEMA_INVALID',
        variable: 'PROFILE_SCHEMA',
        message,
        fix: allowedKeywords,
      });
    }
    return undefined;
  },
  startupFields: (settings) => ({ profileFields: Object.keys(settings?.fields ?? {}) }),
});

/** @returns undefined where the value is neither an inline schema nor the path to a small file */
function readSchemaText(value: string): string | undefined {
  if (value.trimStart().startsWith('{')) return value;
  try {
    const file = statSync(value);
    return file.isFile() && file.size <= maxSchemaBytes ? readFileSync(value, 'utf8') : undefined;
  } catch {
    return undefined;
  }
}
