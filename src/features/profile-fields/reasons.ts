/** The error of a profile that does not fit its schema. */
import type { ErrorEntry } from '../../errors.js';

export const errors = {
  INVALID_PROFILE: {
    status: 400,
    message: 'A profile field is invalid. `fields` names each with what it must be.',
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;
