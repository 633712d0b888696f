/** The error of a breached password, and why a password could not be checked. */
import type { ErrorEntry } from '../../errors.js';

export const errors = {
  PASSWORD_BREACHED: {
    status: 400,
    message: 'This password is known from a data breach. Choose another.',
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;

/** Each leaves the password unchecked, and it is accepted. */
export const reasons = {
  timeout: {
    meaning: 'api.pwnedpasswords.com did not answer within a second',
    fix: 'nothing if it is rare; otherwise use PWNED_LIST',
  },
  unreachable: {
    meaning: 'api.pwnedpasswords.com could not be reached, or dropped the connection',
    fix: 'allow outgoing HTTPS to api.pwnedpasswords.com, or use PWNED_LIST',
  },
  status: {
    meaning: 'api.pwnedpasswords.com answered with a status other than 200, or a redirect',
    fix: 'nothing if it is rare; otherwise use PWNED_LIST',
  },
  malformed: {
    meaning: 'the response has another format, such as the page of a proxy',
    fix: 'let the proxy pass responses of api.pwnedpasswords.com, or use PWNED_LIST',
  },
  list_unreadable: {
    meaning: 'the file of PWNED_LIST could not be read, or is incomplete',
    fix: 'build it again with npm run pwned-list',
  },
} as const;

export type LookupReason = keyof typeof reasons;
