/** The story of a user, or of what a log line names, with the diagnosis: as `npm run explain` prints it. */
import { z } from 'zod';
import { explainSettingsOf, explainUser, type Subject } from '../../explain.js';
import { tryLimits } from '../../../limit-store.js';
import { CallRefused, type Call } from '../call.js';
import { operatorEvent, type Handlers, type HandlerServices } from './handler.js';
import { readInput, text, wholeNumber } from './input.js';

const limit = wholeNumber(1, 500).default(100);
const storyQuery = z.strictObject({ limit });

const explainQuery = z.strictObject({
  email: text(254).optional(),
  session: z
    .string()
    .regex(/^[0-9a-f]{8}$/)
    .optional(),
  id: text(128).optional(),
  limit,
});

export function createStories({
  config,
  database: { orm },
  audit,
  now,
  limits,
}: HandlerServices): Pick<Handlers, 'showStory' | 'explain'> {
  async function readStory(call: Call, subject: Subject, lines: number) {
    await audit.flush();
    const settings = explainSettingsOf(config);
    const tried = tryLimits(limits);
    const { keyRing } = config;
    const options = { now: now(), keyRing, settings, limits: tried, limit: lines };
    const story = await explainUser(orm, subject, options);
    await audit.record(orm, operatorEvent(call, 'user_view', story.user?.id, { story: true }));
    return { ...story, limitsUnavailable: tried.unavailable() ?? null };
  }

  return {
    async showStory(call) {
      const { limit: lines } = readInput(storyQuery, call.input);
      return readStory(call, { id: call.userId }, lines);
    },

    async explain(call) {
      const { email, session, id, limit: lines } = readInput(explainQuery, call.input);
      if (email !== undefined) return readStory(call, { email: email.trim().toLowerCase() }, lines);
      if (session !== undefined) return readStory(call, { session }, lines);
      if (id !== undefined) return readStory(call, { id }, lines);
      throw new CallRefused('INVALID_FIELD', 'Give an e-mail address, a session or an id.', {
        field: 'email',
      });
    },
  };
}
