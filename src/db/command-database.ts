/** Error messages of the database commands: for a missing or invalid URL, and for the error that ended the command. */
import { coreVariables } from '../config/variables.js';
import { describeError } from '../log/describe-error.js';

type UrlVariable = 'DATABASE_URL' | 'DATABASE_URL_UNPOOLED';

/** Whether the URL is usable. If not, prints why to standard error and sets the exit status to 1. */
export function hasDatabaseUrl(variable: UrlVariable, url: string | undefined): url is string {
  if (url && coreVariables.shape[variable].safeParse(url).success) return true;
  const fault = url ? 'a postgresql:// URL' : 'set';
  process.stderr.write(`${variable} is not ${fault}: see .env.example\n`);
  process.exitCode = 1;
  return false;
}

/** The error's message and code on one line, without statement parameters, and the variable to check. */
export function describeFailure(error: unknown, variable: UrlVariable): string {
  const { code, message, cause } = describeError(error);
  const why = [message ?? cause?.message, code ?? cause?.code].filter(Boolean).join(' ');
  return `${why} (${variable})`;
}
