/** Tells the story of a user of a test service, and checks its diagnosis. */
import { expect, vi } from 'vitest';
import { explainUser } from '../../src/features/audit/explain/explain-user.js';
import { explainSettingsOf } from '../../src/features/audit/explain/settings.js';
import type { ExplainOptions, Story, Subject } from '../../src/features/audit/explain/story.js';
import {
  reasonStories,
  stories,
  type ReasonStory,
  type StoryTitle,
} from '../features/audit/explain/stories.js';
import { MailVisitor } from './mailed-link.js';
import type { TestService } from './test-service.js';
import type { AskOptions, Answer } from './visitor.js';
import { createDatabaseLimits } from '../../src/db/limit-store.js';

type Service = Pick<TestService, 'audit' | 'config' | 'orm'>;

export async function explain(
  { audit, config, orm }: Service,
  subject: Subject,
  options: Partial<ExplainOptions> = {},
): Promise<Story> {
  await audit?.flush();
  return explainUser(orm, subject, {
    now: new Date(),
    keyRing: config.keyRing,
    settings: explainSettingsOf(config),
    limits: createDatabaseLimits(orm),
    ...options,
  });
}

/** Waits for the diagnosis of the story: refusals are written after their response. */
export async function expectStory(
  service: Service,
  title: StoryTitle,
  subject: Subject,
  options: Partial<ExplainOptions> = {},
): Promise<Story> {
  return expectDiagnosis(service, stories[title], subject, options);
}

/** The same for a reason, which the story and the diagnosis must have. */
export async function expectReason(
  service: Service,
  name: ReasonStory,
  subject: Subject,
): Promise<Story> {
  const [, reason = ''] = name.split(' ');
  const story = await expectDiagnosis(service, reasonStories[name], subject);
  const reasons = story.events.map((event) => event.reason);
  expect(reasons.some((one) => one === reason || one === `redirect_${reason}`)).toBe(true);
  return story;
}

async function expectDiagnosis(
  service: Service,
  [code, fix]: readonly [string, string],
  subject: Subject,
  options: Partial<ExplainOptions> = {},
): Promise<Story> {
  let story = await explain(service, subject, options);
  await vi
    .waitUntil(
      async () => {
        story = await explain(service, subject, options);
        const { diagnosis } = story;
        return diagnosis.code === code && diagnosis.fix.toLowerCase().includes(fix.toLowerCase());
      },
      { timeout: 10_000, interval: 30 },
    )
    .catch(() => undefined);
  const { diagnosis, events } = story;
  expect(diagnosis, JSON.stringify(events, null, 1)).toMatchObject({ code });
  expect(diagnosis.fix.toLowerCase()).toContain(fix.toLowerCase());
  expect(diagnosis.sentence).toMatch(/^[A-Z].*\.$/);
  return story;
}

export const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0';

/** A visitor with the headers of a browser, and a network of its own. */
export class Browser extends MailVisitor {
  /** Of the page, relative to the service. */
  fetchSite = 'same-site';

  override ask(path: string, options: AskOptions = {}): Promise<Answer> {
    const headers = { 'user-agent': firefox, 'sec-fetch-site': this.fetchSite, ...options.headers };
    return super.ask(path, { ...options, headers });
  }
}
