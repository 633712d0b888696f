/** The story of a user, and what keeps them out now. Reads only. */
import type { OrmOrTransaction } from '../../../db/client.js';
import { describeFacts } from './describe-events.js';
import { diagnose } from './diagnose.js';
import { readFacts } from './read-facts.js';
import type { ExplainOptions, Story, Subject } from './story.js';

const defaultLines = 200;

/**
 * @returns `user` is null if there is no such account (any more); the events may still show what was attempted
 * @throws what the driver throws
 */
export async function explainUser(
  db: OrmOrTransaction,
  subject: Subject,
  options: ExplainOptions,
): Promise<Story> {
  const facts = await readFacts(db, subject, options);
  const { user } = facts;
  return {
    user: user === undefined ? null : { id: user.id, email: user.email },
    events: describeFacts(facts, options.now).slice(0, options.limit ?? defaultLines),
    diagnosis: diagnose(facts, subject, options),
  };
}
