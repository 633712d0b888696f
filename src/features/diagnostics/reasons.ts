/** How a request for diagnostics is refused. */
import type { ErrorEntry } from '../../errors.js';

export const errors = {
  DIAGNOSTICS_TOKEN_REQUIRED: {
    status: 401,
    message: 'A valid DIAGNOSTICS_TOKEN is required.',
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;
