/** Why an address is not changed, or a change not undone. The codes of links in general are the core's. */
import type { ErrorEntry } from '../../errors.js';

export const errors = {
  EMAIL_UNCHANGED: { status: 400, message: 'This is the address of the account already.' },
  RECENT_SIGN_IN_REQUIRED: {
    status: 403,
    message:
      'This needs a proof of the last ten minutes of who you are: step up, or sign in again.',
  },
  EMAIL_TAKEN: {
    status: 409,
    message:
      'Another account has this address by now. Sign in to that account, or choose another address.',
  },
  PREVIOUS_EMAIL_TAKEN: {
    status: 409,
    message:
      'Another account has your previous address by now. Reset its password, delete that account or change its address, then open this link again.',
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;
