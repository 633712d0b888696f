/** The story of a user, and what keeps them out now. Reads only. */
import type { OrmOrTransaction } from '../../../db/client.js';
import { describeFacts } from './describe-events.js';
import { diagnose } from './diagnose.js';
import { defaultMs, olderEvents } from './older-events.js';
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
  const { now, limit = defaultLines, since = new Date(now.getTime() - defaultMs) } = options;
  const facts = await readFacts(db, subject, { ...options, limit, since });
  const { user, unread } = facts;
  const lines = describeFacts(facts, now);
  return {
    user: user === undefined ? null : { id: user.id, email: user.email },
    events: lines.slice(0, limit),
    diagnosis: diagnose(facts, subject, options),
    older: olderEvents(unread, { now, since, limit, lines: lines.length }),
  };
}
