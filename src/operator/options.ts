/** What `npm run user` was told. A password is no argument: a shell's history and `ps` show those. */
import { parseArgs } from 'node:util';

const commands = ['find', 'set-password', 'sign-out', 'delete'] as const;
type Command = (typeof commands)[number];

export interface Options {
  readonly command: Command;
  /** As BetterAuth stores it: in lower case. */
  readonly email: string;
  readonly json: boolean;
  readonly passwordFromStdin: boolean;
  readonly yes: boolean;
}

/** The command line cannot be read; the message says what to write instead. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const usage = `auth-service-user: helps one visitor, by e-mail address.

  npm run user -- find EMAIL           who it is, how they sign in, and where they are signed in
  npm run user -- set-password EMAIL   asks for a new password, and ends all sessions
  npm run user -- sign-out EMAIL       ends all sessions
  npm run user -- delete EMAIL         deletes account and sessions, after a question

  --json             one JSON document on standard output
  --password-stdin   set-password reads the password from standard input
  --yes              delete does not ask
  --help             this text

It works on DATABASE_URL, of the environment or of .env; where that is not set, on the database of the \`npm run dev\`
that runs on DATA_DIR. Each command leaves one JSON line on standard error, with the user's id and without the address.

Exit status: 0 done, 1 not done (no such user, password refused, database unavailable), 2 wrong usage.
`;

/**
 * @returns undefined where help is asked for
 * @throws UsageError
 */
export function readOptions(args: readonly string[]): Options | undefined {
  const { values, positionals } = parse(args);
  if (values.help === true) return undefined;
  const [name, address, ...more] = positionals;
  const command = commands.find((known) => known === name);
  if (command === undefined) {
    throw new UsageError(`the first argument is one of ${commands.join(', ')}`);
  }
  const email = address?.trim().toLowerCase() ?? '';
  if (!/^[^\s@]+@[^\s@]+$/.test(email) || email.length > 254) {
    throw new UsageError(`${command} takes one e-mail address`);
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
    json: values.json === true,
    passwordFromStdin,
    yes: values.yes === true,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      strict: true,
      allowPositionals: true,
      options: {
        json: { type: 'boolean' },
        'password-stdin': { type: 'boolean' },
        yes: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : 'cannot be read');
  }
}
