/** Why an address is not proven, or a sign-in is refused because of it. The codes of links in general are the core's. */
import type { ErrorEntry } from '../../errors.js';

export const errors = {
  LINK_WRONG_BROWSER: {
    status: 403,
    message:
      'This is not the browser that signed up. Enter the password of the sign-up, or choose a new one with a password reset.',
  },
  EMAIL_NOT_VERIFIED: {
    status: 403,
    message:
      'The e-mail address is not confirmed yet. Open the link in the mail, or ask for a new one.',
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;
