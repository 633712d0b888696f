/** Fields of exports. Null means that there is no value. */
import { z } from 'zod';
import { providerKinds } from '../../../identity-providers.js';

const absent = <T>(value: T | null | undefined) => value ?? undefined;

/** An empty text, as in a CSV file, is no value. */
export const text = z
  .string()
  .nullish()
  .transform((value) => value || undefined);
export const flag = z
  .union([z.boolean(), z.enum(['true', 'false', ''])])
  .nullish()
  .transform((value) => value === true || value === 'true');
export const time = z.union([z.string(), z.number()]).nullish().transform(absent);
/** Numbers of a provider are ids, too. */
export const subject = z.union([z.string(), z.number()]).transform(String);
export const list = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform((items) => items ?? []);

/** For sources whose names for providers are this service's. */
export const sameNames = Object.fromEntries(
  providerKinds.filter((kind) => kind !== 'oidc').map((kind) => [kind, kind]),
);

/** The first of the names that has a value. */
export function nameOf(...names: readonly (string | undefined)[]): string | undefined {
  return names.find((name) => name !== undefined && name.trim() !== '')?.trim();
}

export function joined(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join(' ');
}
