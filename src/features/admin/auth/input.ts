/** Reads the fields of a call. */
import { z } from 'zod';
import { CallRefused } from '../call.js';

/** PostgreSQL stores no null character. */
export const text = (longest: number) =>
  z
    .string()
    .max(longest)
    .refine((value) => !value.includes('\0'), 'has a null character');

export const wholeNumber = (least: number, most: number) =>
  z.coerce.number().int().min(least).max(most);

/** @throws CallRefused 400 with the name of the first invalid field, and never its value */
export function readInput<Schema extends z.ZodType>(
  schema: Schema,
  input: Readonly<Record<string, unknown>>,
): z.infer<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const field = String(unknown ?? issue?.path[0] ?? '').slice(0, 40);
  throw new CallRefused('INVALID_FIELD', undefined, { field });
}
