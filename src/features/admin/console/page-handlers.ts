/** The pages of the console that show something. */
import type { RequestHandler } from 'express';
import { requestIdOf } from '../../../http/request-id.js';
import type { FeatureServices } from '../../slots.js';
import type { Call } from '../call.js';
import type { AdminSettings } from '../feature.js';
import type { Handlers } from '../handlers.js';
import { ranges } from './chart.js';
import { createOverviewCounts } from './counts.js';
import { readDone } from './done.js';
import { sendPage, type ForOperator } from './for-operator.js';
import { markup } from './html.js';
import { storyRange } from './older-part.js';
import { checksPage, overviewPage, readRange } from './overview.js';
import { resultsPage } from './pages.js';
import { userPage, type StoryView, type UserView } from './user-page.js';

type PageHandlers = Readonly<Record<'showHome' | 'showChecks' | 'showUser', RequestHandler>>;

/** @param forOperator who is let in, and what everybody else gets */
export function createPageHandlers(
  { impersonation }: AdminSettings,
  { deadlineMs, now, logger }: FeatureServices,
  forOperator: ForOperator,
  loadHandlers: () => Promise<Handlers>,
): PageHandlers {
  const readOverviewCounts = createOverviewCounts(loadHandlers, deadlineMs / 2, logger);

  return {
    showHome: function handleConsole(req, res, next) {
      return forOperator({ req, res, next }, async ({ operator, handlers, callWith }) => {
        const { q, after } = req.query;
        const query = typeof q === 'string' ? q.trim() : '';
        const done = readDone(req, req.query);
        if (query === '') {
          const range = readRange(req.query.range);
          const counts = await readOverviewCounts(range, requestIdOf(res));
          const body = markup`${done} ${overviewPage(counts, range, now())}`;
          sendPage(res, 200, 'Overview', body, operator);
          return;
        }
        const page = typeof after === 'string' ? { after } : {};
        const { users, next: last } = (await handlers.findUsers(
          callWith({ q: query, ...page }),
        )) as {
          users: Record<string, unknown>[];
          next: string | null;
        };
        const isNobody = users.length === 0 && !('after' in page);
        const range = storyRange(req.query);
        const story = isNobody
          ? await explainStranger((input) => callWith({ ...input, ...range }), handlers, query)
          : undefined;
        sendPage(res, 200, 'Users', resultsPage(query, users, last, story), operator);
      });
    },

    showChecks: function handleConsoleChecks(req, res, next) {
      return forOperator({ req, res, next }, async ({ operator, handlers, callWith }) => {
        const range = readRange(req.query.range);
        const { hours } = ranges[range];
        const { checks } = (await handlers.listFailingChecks(callWith({ hours }))) as {
          checks: Record<string, unknown>[];
        };
        sendPage(res, 200, 'Failing checks', checksPage(checks, range, now()), operator);
      });
    },

    showUser: function handleConsoleUser(req, res, next) {
      return forOperator({ req, res, next }, async ({ operator, handlers, callWith }) => {
        const view = (await handlers.showUser(callWith({}))) as UserView;
        const story = (await handlers.showStory(callWith(storyRange(req.query)))) as StoryView;
        const body = userPage(view, story, impersonation, readDone(req, req.query));
        sendPage(res, 200, String(view.user.email), body, operator);
      });
    },
  };
}

/** What the trail has of an address without an account, or of the id of a request, a mail or a deleted user. */
async function explainStranger(
  callWith: (input: Record<string, unknown>) => Call,
  { explain }: Handlers,
  query: string,
): Promise<StoryView | undefined> {
  const by = query.includes('@') ? 'email' : /^[0-9a-f]{8}$/i.test(query) ? 'session' : 'id';
  if (by === 'id' && query.length > 128) return undefined;
  return (await explain(
    callWith({ [by]: by === 'session' ? query.toLowerCase() : query }),
  )) as StoryView;
}
