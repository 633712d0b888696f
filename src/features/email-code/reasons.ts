/** Why a code does not sign in. */
import type { ErrorEntry } from '../../errors.js';

export const errors = {
  CODE_WRONG: { status: 400, message: 'The code is wrong.' },
  CODE_USED: { status: 400, message: 'This code was used already. Ask for a new one.' },
  CODE_EXPIRED: { status: 400, message: 'This code has expired. Ask for a new one.' },
  CODE_REPLACED: {
    status: 400,
    message: 'A newer code or another change has replaced this one. Use the newest mail.',
  },
  CODE_UNKNOWN: {
    status: 400,
    message: 'No account belongs to this code any more. Ask for a new one.',
  },
  CODE_WRONG_BROWSER: {
    status: 403,
    message:
      'This browser has asked for no code for this address. Enter it where you asked, or ask for a new one here.',
  },
  CODE_TRIES_EXCEEDED: {
    status: 403,
    message: 'Five wrong codes were entered in this browser. Ask for a new one in ten minutes.',
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;
