/** Schemas shared by several environment variables. */
import { z } from 'zod';

/** One of a list of values. */
export function oneOf<const Values extends readonly string[]>(values: Values) {
  return z.enum(values, `is not one of ${values.join(', ')}`);
}

/** A switch, off by default. */
export const onOff = oneOf(['off', 'on']).default('off');
