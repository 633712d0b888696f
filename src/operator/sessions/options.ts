/** The command line of `npm run sessions`. */
import { parseOptions } from '../parse-options.js';
import { UsageError } from '../usage-error.js';

export interface SessionsCommand {
  /** Undefined for all. */
  readonly createdBefore: Date | undefined;
  readonly discardMails: boolean;
  readonly yes: boolean;
  readonly json: boolean;
}

export const usage = `auth-service-sessions: ends all sessions of all users.

  npm run sessions -- end-all

  --created-before TIME  only what was created before this time, such as 2026-01-31T12:00:00Z
  --discard-mails        also deletes mails that wait to be sent: after a restore they may have been sent before
  --yes                  does not ask for confirmation
  --json                 prints one JSON document to standard output
  --help                 prints this text

It also ends mailed links and codes, trusted devices and sign-ins that wait for a second factor. Passwords, linked logins,
second factors and passkeys stay, and so do links that undo a change of an account.

It uses DATABASE_URL from the environment or .env; if that is not set, the database of the \`npm run dev\` that is
running on DATA_DIR.

Exit status: 0 done, 1 not done, 2 wrong usage.
`;

/**
 * @returns undefined if help is requested
 * @throws UsageError
 */
export function readSessionsCommand(args: readonly string[]): SessionsCommand | undefined {
  const parsed = parseOptions(args, {
    'created-before': { type: 'string' },
    'discard-mails': { type: 'boolean' },
    yes: { type: 'boolean' },
    json: { type: 'boolean' },
  });
  if (parsed === undefined) return undefined;
  const { values, positionals } = parsed;
  if (positionals.length !== 1 || positionals[0] !== 'end-all') {
    throw new UsageError('the only command is end-all');
  }
  const time = values['created-before'];
  // With a time zone: otherwise it would depend on this machine.
  if (
    time !== undefined &&
    !/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(time)
  ) {
    throw new UsageError(
      '--created-before must be a time with its zone, such as 2026-01-31T12:00:00Z',
    );
  }
  const createdBefore = time === undefined ? undefined : new Date(time);
  if (createdBefore !== undefined && Number.isNaN(createdBefore.getTime())) {
    throw new UsageError('--created-before is no time');
  }
  return {
    createdBefore,
    discardMails: values['discard-mails'] === true,
    yes: values.yes === true,
    json: values.json === true,
  };
}
