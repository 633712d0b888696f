/** Schemas shared by several environment variables. */
import { z } from 'zod';

/** One of a list of values. */
export function oneOf<const Values extends readonly string[]>(values: Values) {
  return z.enum(values, `is not one of ${values.join(', ')}`);
}

/** A switch, off by default. */
export const onOff = oneOf(['off', 'on']).default('off');

/** A whole number of days from 1. */
export function days(atMost: number) {
  const message = `is not a whole number of days from 1 to ${atMost}`;
  return z
    .string()
    .refine((value) => /^\d{1,4}$/.test(value) && Number(value) >= 1, message)
    .transform(Number)
    .refine((value) => value <= atMost, message);
}
