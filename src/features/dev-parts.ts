/** What features bring to `npm run dev`: one line each. Only src/dev imports this file, so that production loads none of it. */
import type { DevPart } from './dev-part.js';
import { startDevPart as startMailbox } from './mail/dev.js';
import { startDevPart as startDevId } from './social-providers/dev.js';
import { startDevPart as startSecondFactor } from './totp/dev.js';

type Environment = Readonly<Record<string, string | undefined>>;

const starters: readonly ((env: Environment) => Promise<DevPart | undefined>)[] = [
  startMailbox,
  startDevId,
  startSecondFactor,
];

/** Starts those that the environment leaves to development. */
export async function startDevParts(env: Environment): Promise<readonly DevPart[]> {
  const parts = await Promise.all(starters.map((start) => start(env)));
  return parts.filter((part) => part !== undefined);
}
