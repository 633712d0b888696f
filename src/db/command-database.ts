/** What the commands that work on a database say of a missing URL, and of an error that ends them. */
import { coreVariables } from '../config/variables.js';
import { describeError } from '../log/describe-error.js';

type UrlVariable = 'DATABASE_URL' | 'DATABASE_URL_UNPOOLED';

/** Whether there is a URL to work on; where there is none, it says so and sets the exit status 1. */
export function hasDatabaseUrl(variable: UrlVariable, url: string | undefined): url is string {
  if (url && coreVariables.shape[variable].safeParse(url).success) return true;
  const fault = url ? 'a postgresql:// URL' : 'set';
  process.stderr.write(`${variable} is not ${fault}: see .env.example\n`);
  process.exitCode = 1;
  return false;
}

/** The error's message and code in one line, without a statement's parameters, and the variable to look at. */
export function describeFailure(error: unknown, variable: UrlVariable): string {
  const { code, message, cause } = describeError(error);
  const why = [message ?? cause?.message, code ?? cause?.code].filter(Boolean).join(' ');
  return `${why} (${variable})`;
}
