/** The one door to `process.env`; an `.env` file beside the process fills what the environment leaves out. */
import dotenv from 'dotenv';

/** Variable names to values, as the operating system hands them over. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the process's environment over the `.env` file; the file is optional and the environment wins. */
export function readEnvironment(): Environment {
  const fromFile: Record<string, string> = {};
  dotenv.config({ quiet: true, processEnv: fromFile });
  return { ...fromFile, ...process.env };
}
