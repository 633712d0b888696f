/** The command line of `npm run user`. Passwords are not accepted as arguments: shell history and `ps` show them. */
import { rolePattern } from '../roles.js';
import { parseOptions } from './parse-options.js';
import { UsageError } from './usage-error.js';

const commands = [
  'find',
  'set-password',
  'sign-out',
  'lock',
  'unlock',
  'remove-factor',
  'grant',
  'revoke',
  'delete',
] as const;
type Command = (typeof commands)[number];

export interface Options {
  readonly command: Command;
  /** In lower case, as BetterAuth stores it. */
  readonly email: string;
  /** Of grant and revoke. */
  readonly role?: string;
  readonly json: boolean;
  readonly passwordFromStdin: boolean;
  readonly yes: boolean;
}

export const usage = `auth-service-user: manages one user, by e-mail address.

  npm run user -- find EMAIL           shows the user, the sign-in methods and the live sessions
  npm run user -- set-password EMAIL   prompts for a new password and ends all sessions
  npm run user -- sign-out EMAIL       ends all sessions
  npm run user -- lock EMAIL           ends all sessions and refuses every sign-in until unlock
  npm run user -- unlock EMAIL         undoes lock, and lifts the limits after wrong passwords and codes; needs
                                       BETTER_AUTH_SECRET
  npm run user -- remove-factor EMAIL  removes the second factors and trusted devices, ends all sessions, and mails the
                                       owner if the mail settings of the service are set
  npm run user -- grant EMAIL ROLE     gives the user a role; \`admin\` lets them use the console and the API for operators
  npm run user -- revoke EMAIL ROLE    takes the role away
  npm run user -- delete EMAIL         deletes the user and all sessions, after confirmation

  --json             prints one JSON document to standard output
  --password-stdin   set-password reads the password from standard input
  --yes              delete does not ask for confirmation
  --help             prints this text

It uses DATABASE_URL from the environment or .env; if that is not set, the database of the \`npm run dev\` that is
running on DATA_DIR. Each command logs one JSON line to standard error, with the user's id but not the e-mail address.

Exit status: 0 done, 1 not done (no such user, password refused, database unavailable), 2 wrong usage.
`;

/**
 * @returns undefined if help is requested
 * @throws UsageError
 */
export function readOptions(args: readonly string[]): Options | undefined {
  const parsed = parseOptions(args, {
    json: { type: 'boolean' },
    'password-stdin': { type: 'boolean' },
    yes: { type: 'boolean' },
  });
  if (parsed === undefined) return undefined;
  const { values, positionals } = parsed;
  const [name, address, ...rest] = positionals;
  const command = commands.find((known) => known === name);
  if (command === undefined) {
    throw new UsageError(`the first argument must be one of ${commands.join(', ')}`);
  }
  const email = address?.trim().toLowerCase() ?? '';
  if (!/^[^\s@]+@[^\s@]+$/.test(email) || email.length > 254) {
    throw new UsageError(`${command} takes one e-mail address`);
  }
  const takesRole = command === 'grant' || command === 'revoke';
  const [role, ...more] = takesRole ? rest : [undefined, ...rest];
  if (takesRole && !rolePattern.test(role ?? '')) {
    throw new UsageError(`${command} takes an e-mail address and a role: one word such as admin`);
  }
  if (more.length > 0) {
    throw new UsageError('one e-mail address at a time, and no password as an argument');
  }
  const passwordFromStdin = values['password-stdin'] === true;
  if (passwordFromStdin && command !== 'set-password') {
    throw new UsageError('--password-stdin is for set-password');
  }
  if (values.yes === true && command !== 'delete') throw new UsageError('--yes is for delete');
  return {
    command,
    email,
    ...(role !== undefined && { role }),
    json: values.json === true,
    passwordFromStdin,
    yes: values.yes === true,
  };
}
