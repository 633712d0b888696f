/** The command line of `npm run import`. */
import { parseOptions } from '../parse-options.js';
import { UsageError } from '../usage-error.js';

const sourceNames = ['generic', 'auth0', 'clerk', 'firebase', 'kratos', 'supabase'] as const;

export interface ImportCommand {
  /** `-` is standard input. */
  readonly file: string;
  readonly from: (typeof sourceNames)[number];
  readonly firebaseConfig: string | undefined;
  /** The source's name for a provider → ours. */
  readonly logins: readonly (readonly [string, string])[];
  readonly keepIds: boolean;
  readonly withoutUnknownPasswords: boolean;
  readonly dryRun: boolean;
  readonly yes: boolean;
  readonly json: boolean;
}

export const usage = `auth-service-import: imports the users of another system, from a file with one JSON object a line.

  npm run import -- FILE [--from SOURCE] [--dry-run]      - as FILE reads standard input

  --from SOURCE          generic (default), auth0, clerk, firebase, kratos or supabase
  --dry-run              checks every line and writes nothing
  --firebase-config FILE the password hash parameters of the Firebase project, as its console shows them
  --login NAME=PROVIDER  logins that the source calls NAME are those of PROVIDER here; may be repeated
  --keep-ids             users keep the ids that they have at the source
  --without-unknown-passwords  imports users without a password if its hash cannot be verified here
  --yes                  does not ask for confirmation
  --json                 prints one JSON document to standard output
  --help                 prints this text

Without --yes it checks the whole file first, shows what would be imported and asks. Users whose address has an account
are skipped, so an interrupted import continues when it is run again. Passwords keep working: each hash is verified at the
next sign-in and replaced with argon2id. Lines that are not imported are listed on standard error by number and reason.

It uses DATABASE_URL from the environment or .env; if that is not set, the database of the \`npm run dev\` that is
running on DATA_DIR.

Exit status: 0 done, 1 not done or lines were refused, 2 wrong usage.
`;

/**
 * @returns undefined if help is requested
 * @throws UsageError
 */
export function readImportCommand(args: readonly string[]): ImportCommand | undefined {
  const parsed = parseOptions(args, {
    from: { type: 'string' },
    'firebase-config': { type: 'string' },
    login: { type: 'string', multiple: true },
    'keep-ids': { type: 'boolean' },
    'without-unknown-passwords': { type: 'boolean' },
    'dry-run': { type: 'boolean' },
    yes: { type: 'boolean' },
    json: { type: 'boolean' },
  });
  if (parsed === undefined) return undefined;
  const { values, positionals } = parsed;
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0)
    throw new UsageError('give one file, or - for standard input');
  const from = sourceNames.find((name) => name === (values.from ?? 'generic'));
  if (from === undefined) throw new UsageError(`--from must be one of ${sourceNames.join(', ')}`);
  const firebaseConfig = values['firebase-config'];
  if (firebaseConfig !== undefined && from !== 'firebase') {
    throw new UsageError('--firebase-config is for --from firebase');
  }
  const command: ImportCommand = {
    file,
    from,
    firebaseConfig,
    logins: (values.login ?? []).map(readLogin),
    keepIds: values['keep-ids'] === true,
    withoutUnknownPasswords: values['without-unknown-passwords'] === true,
    dryRun: values['dry-run'] === true,
    yes: values.yes === true,
    json: values.json === true,
  };
  if (file === '-' && !command.dryRun && !command.yes) {
    throw new UsageError('standard input can be read only once: add --dry-run or --yes');
  }
  return command;
}

function readLogin(value: string): readonly [string, string] {
  const [, name, provider] = /^([^=]+)=([a-z0-9][a-z0-9_-]{0,63})$/.exec(value) ?? [];
  if (name === undefined || provider === undefined || provider === 'credential') {
    throw new UsageError('--login is NAME=PROVIDER, such as --login google-oauth2=google');
  }
  return [name, provider];
}
