/** The database of the commands that need DATABASE_URL: `npm run db:migrate`, `sweep` and `webhooks`. */
import { drizzle } from 'drizzle-orm/node-postgres';
import type { Environment } from '../config/environment.js';
import { coreVariables } from '../config/variables.js';
import { describeError } from '../log/describe-error.js';
import { CommandRefusedError } from '../operator/command-refused.js';
import { connectOnce, type Orm } from './client.js';

type UrlVariable = 'DATABASE_URL' | 'DATABASE_URL_UNPOOLED';

/** @throws CommandRefusedError if it is missing or invalid */
export function requireDatabaseUrl(variable: UrlVariable, env: Environment): string {
  const url = env[variable];
  if (url && coreVariables.shape[variable].safeParse(url).success) return url;
  const fault = url ? 'a postgresql:// URL' : 'set';
  throw new CommandRefusedError(`${variable} is not ${fault}: see .env.example`);
}

/**
 * Runs work on one connection to DATABASE_URL.
 * @param failure what the operator reads before the error that ended the work
 * @throws CommandRefusedError
 */
export async function runOnDatabase(
  env: Environment,
  failure: string,
  work: (orm: Orm) => Promise<void>,
): Promise<void> {
  const url = requireDatabaseUrl('DATABASE_URL', env);
  try {
    const client = await connectOnce(url);
    try {
      await work(drizzle(client));
    } finally {
      await client.end();
    }
  } catch (error) {
    throw new CommandRefusedError(`${failure}: ${describeFailure(error, 'DATABASE_URL')}`);
  }
}

/** The error's message and code on one line, without statement parameters, and the variable to check. */
export function describeFailure(error: unknown, variable: UrlVariable): string {
  const { code, message, cause } = describeError(error, { hasStack: false });
  const why = [message ?? cause?.message, code ?? cause?.code].filter(Boolean).join(' ');
  return `${why} (${variable})`;
}
