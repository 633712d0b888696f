/** The only reader of `process.env`; an `.env` file in the working directory supplies missing variables. */
import dotenv from 'dotenv';

/** Variable names to values, as provided by the operating system. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the `.env` file, which is optional, and the process's environment, which takes precedence. */
export function readEnvironment(): Environment {
  const fromFile: Record<string, string> = {};
  dotenv.config({ quiet: true, processEnv: fromFile });
  return { ...fromFile, ...process.env };
}
