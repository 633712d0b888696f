/** How requests of operators are refused. */
import type { ErrorEntry } from '../../errors.js';

export const errors = {
  ROLE_REQUIRED: { status: 403, message: 'Only users with the role admin may do this.' },
  USER_NOT_FOUND: { status: 404, message: 'There is no such user.' },
  SESSION_NOT_FOUND: { status: 404, message: 'The user has no such session.' },
  USER_IS_ADMIN: {
    status: 409,
    message: 'The user has the role admin. On the server: npm run user.',
  },
  USER_IS_LOCKED: { status: 409, message: 'The user is locked: unlock first.' },
  MAIL_NOT_AVAILABLE: {
    status: 409,
    message: 'The service cannot mail this link: no mail transport is configured.',
  },
  MAIL_LIMITED: {
    status: 409,
    message: 'No mail was sent: the user got several in the last ten minutes. Try again later.',
  },
  ADMIN_PASSWORD_REFUSED: { status: 400, message: 'The password violates a rule.' },
  NOT_IMPERSONATING: { status: 409, message: 'This session acts as nobody else.' },
} as const satisfies Readonly<Record<string, ErrorEntry>>;
