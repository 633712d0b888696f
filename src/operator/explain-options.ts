/** The command line of `npm run explain`. */
import { maxDays, maxLines, type Subject } from '../features/explain.js';
import { parseOptions } from './parse-options.js';
import { UsageError } from './usage-error.js';

export interface ExplainCommandOptions {
  readonly subject: Subject;
  readonly json: boolean;
  readonly limit: number | undefined;
  readonly sinceDays: number | undefined;
}

export const usage = `auth-service-explain: answers why a user cannot sign in.

  npm run explain -- --email ada@example.com  prints what happened to the account, the newest first, and the diagnosis:
                                              what keeps the user out now, and the one thing to do
  npm run explain -- ID                       the same, by a request id, the id of a mail, a user's id, or the fingerprint
                                              of a session as in the log (8 hexadecimal digits)

  --json        prints one JSON document: { user, events: [{ at, kind, outcome, reason, sentence, fix }], diagnosis,
                older: null, or { count, isAtLeast, limit, days }: what is left out, and the options that show it }
  --days N      leaves out what is older than N days; 90 by default
  --limit N     prints N lines at most; 200 by default
  --help        prints this text

It reads, and changes nothing. It uses DATABASE_URL from the environment or .env; if that is not set, the database of the
\`npm run dev\` that is running on DATA_DIR. Run it with the other variables of the service, too: limits and sign-ins with an
unknown address are stored under keys of BETTER_AUTH_SECRET, and some diagnoses depend on settings.

Exit status: 0 explained, 1 no such account or nothing found, 2 wrong usage.
`;

/**
 * @returns undefined if help is requested
 * @throws UsageError
 */
export function readExplainOptions(args: readonly string[]): ExplainCommandOptions | undefined {
  const parsed = parseOptions(args, {
    email: { type: 'string' },
    json: { type: 'boolean' },
    days: { type: 'string' },
    limit: { type: 'string' },
  });
  if (parsed === undefined) return undefined;
  const { values, positionals } = parsed;
  const [id, ...more] = positionals;
  if (more.length > 0 || (id === undefined) === (values.email === undefined)) {
    throw new UsageError('name one account: --email ADDRESS, or one id');
  }
  return {
    subject: readSubject(values.email, id ?? ''),
    json: values.json === true,
    limit: readCount('--limit', values.limit, maxLines),
    sinceDays: readCount('--days', values.days, maxDays),
  };
}

function readSubject(email: string | undefined, id: string): Subject {
  const address = email ?? (id.includes('@') ? id : undefined);
  if (address === undefined) {
    if (!/^[\w.:-]{1,200}$/.test(id)) throw new UsageError('this is no id');
    return /^[0-9a-f]{8}$/i.test(id) ? { session: id } : { id };
  }
  const trimmed = address.trim().toLowerCase();
  if (!/^[^\s@\0]+@[^\s@\0]+$/.test(trimmed) || trimmed.length > 254) {
    throw new UsageError('--email takes one e-mail address');
  }
  return { email: trimmed };
}

function readCount(option: string, value: string | undefined, max: number): number | undefined {
  if (value === undefined) return undefined;
  const count = Number(value);
  if (!/^\d{1,5}$/.test(value) || count < 1 || count > max) {
    throw new UsageError(`${option} takes a number from 1 to ${max}`);
  }
  return count;
}
