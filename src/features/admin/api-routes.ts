/**
 * The API for operators: every route with what it requires. The attack matrix (tests/features/admin/attack-table.test.ts) and
 * the documentation are made from this table.
 */

export const apiPath = '/api/admin';

/** Not in the table: its caller is an operator who acts as somebody else. */
export const stopImpersonatingPath = `${apiPath}/stop-impersonating`;

export interface ApiRoute {
  readonly method: 'GET' | 'POST';
  /** Below `/api/admin`. */
  readonly path: string;
  /** Whether it needs a proof of the last ten minutes. */
  readonly isFresh: boolean;
  /** One sentence, for the documentation. */
  readonly summary: string;
}

const get = (path: string, summary: string): ApiRoute => ({
  method: 'GET',
  path,
  isFresh: false,
  summary,
});

const post = (path: string, summary: string): ApiRoute => ({
  method: 'POST',
  path,
  isFresh: true,
  summary,
});

/** What the API gives at once; `npm run explain` gives more. */
export const maxStoryLines = 500;

export const apiRoutes = {
  findUsers: get('/users', 'Finds users by the beginning of the e-mail address, id or session'),
  showUser: get(
    '/users/:id',
    'One user: profile, roles, sessions, second factors, logins, mails and limits',
  ),
  showStory: get('/users/:id/story', 'What happened to the user, and what keeps them out now'),
  explain: get(
    '/explain',
    'The story of an e-mail address, the fingerprint of a session, a request or a mail',
  ),
  listEvents: get('/events', 'Events of the audit trail, by kind, outcome, reason and time'),
  countEvents: get('/counts', 'Events per hour or day, by kind, outcome and reason'),
  listFailingChecks: get(
    '/failing-checks',
    'Refused session checks by reason and site, each with its fix',
  ),
  signOut: post('/users/:id/sign-out', 'Ends one session of the user, or all'),
  lock: post('/users/:id/lock', 'Ends all sessions and refuses every sign-in until unlock'),
  unlock: post('/users/:id/unlock', 'Undoes lock, and lifts the limits'),
  liftLimits: post('/users/:id/lift-limits', 'Lifts the limits after wrong passwords and codes'),
  setPassword: post('/users/:id/set-password', 'Sets a password and ends all sessions'),
  mailPasswordReset: post('/users/:id/mail-password-reset', 'Mails a link for a new password'),
  removeFactors: post(
    '/users/:id/remove-factors',
    'Removes the second factors, ends all sessions and mails the owner',
  ),
  verifyEmail: post('/users/:id/verify-email', 'Marks the e-mail address as proven'),
  deleteUser: post('/users/:id/delete', 'Deletes the user for good'),
  impersonate: post(
    '/users/:id/impersonate',
    'Acts as the user for an hour at most, with a reason. Needs `ADMIN_IMPERSONATION=on`',
  ),
  exportUser: post('/users/:id/export', 'All that is stored about the user, as one document'),
} as const satisfies Readonly<Record<string, ApiRoute>>;

/** Where the console is. */
export const consolePath = '/console';

/** Its pages, below that path. Its forms are the POST routes of the API. */
export const consolePages = { overview: '', checks: '/checks', user: '/users/:id' } as const;

export type ApiRouteName = keyof typeof apiRoutes;
