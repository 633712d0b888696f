/** The story of a user, or of what a log line names, with the diagnosis: as `npm run explain` prints it. */
import { z } from 'zod';
import { explainSettingsOf, explainUser, maxDays, type Subject } from '../../explain.js';
import { tryLimits } from '../../../limit-store.js';
import { maxStoryLines } from '../api-routes.js';
import { CallRefused, type Call } from '../call.js';
import { operatorEvent, type Handlers, type HandlerServices } from './handler.js';
import { readInput, text, wholeNumber } from './input.js';

const range = {
  limit: wholeNumber(1, maxStoryLines).default(100),
  days: wholeNumber(1, maxDays).optional(),
};
const storyQuery = z.strictObject(range);

const explainQuery = z.strictObject({
  email: text(254).optional(),
  session: z
    .string()
    .regex(/^[0-9a-f]{8}$/)
    .optional(),
  id: text(128).optional(),
  ...range,
});

const dayMs = 86_400_000;

interface Range {
  readonly limit: number;
  readonly days?: number | undefined;
}

export function createStories({
  config,
  database: { orm },
  audit,
  now,
  limits,
}: HandlerServices): Pick<Handlers, 'showStory' | 'explain'> {
  async function readStory(call: Call, subject: Subject, { limit, days }: Range) {
    await audit.flush();
    const settings = explainSettingsOf(config);
    const time = now();
    const since = days === undefined ? undefined : new Date(time.getTime() - days * dayMs);
    const tried = tryLimits(limits);
    const { keyRing } = config;
    const options = { now: time, keyRing, settings, limits: tried, limit, since };
    const story = await explainUser(orm, subject, options);
    await audit.record(orm, operatorEvent(call, 'user_view', story.user?.id, { story: true }));
    return { ...story, limitsUnavailable: tried.unavailable() ?? null };
  }

  return {
    async showStory(call) {
      return readStory(call, { id: call.userId }, readInput(storyQuery, call.input));
    },

    async explain(call) {
      const { email, session, id, ...asked } = readInput(explainQuery, call.input);
      if (email !== undefined) return readStory(call, { email: email.trim().toLowerCase() }, asked);
      if (session !== undefined) return readStory(call, { session }, asked);
      if (id !== undefined) return readStory(call, { id }, asked);
      throw new CallRefused('INVALID_FIELD', 'Give an e-mail address, a session or an id.', {
        field: 'email',
      });
    },
  };
}
