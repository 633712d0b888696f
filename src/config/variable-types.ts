/** Types of environment variables that several variables share. */
import { z } from 'zod';

/** One of a list of words. */
export function oneOf<const Values extends readonly string[]>(values: Values) {
  return z.enum(values, `is none of ${values.join(', ')}`);
}

/** A switch, off unless it is set. */
export const onOff = oneOf(['off', 'on']).default('off');
