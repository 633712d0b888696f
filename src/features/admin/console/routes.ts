/** The console: pages of HTML over the handlers of the API. Forms work without a script; signing in needs one. */
import type { Request, RequestHandler, Response } from 'express';
import { maxBodyBytes, requestBody } from '../../../http/request-body.js';
import { requireContentType } from '../../../http/require-content-type.js';
import type { Route } from '../../../http/route.js';
import { sendError } from '../../../http/send-error.js';
import { withTimeout } from '../../../http/with-timeout.js';
import type { FeatureServices } from '../../slots.js';
import {
  apiRoutes,
  consolePages,
  consolePath,
  type ApiRoute,
  type ApiRouteName,
} from '../api-routes.js';
import { CallRefused, type Call } from '../call.js';
import type { AdminSettings } from '../feature.js';
import type { Gate } from '../gate.js';
import type { Operator, Refusal } from '../guard.js';
import { sendFailure } from '../responses.js';
import { markup, type Html } from './html.js';
import { doneQuery, readDone } from './done.js';
import { ranges } from './chart.js';
import { createOverviewCounts } from './counts.js';
import { contentSecurityPolicy, page } from './layout.js';
import { checksPage, overviewPage, readRange } from './overview.js';
import { resultsPage, signInPage } from './pages.js';
import { userPage, userPath, type StoryView, type UserView } from './user-page.js';
import type { Handlers } from '../handlers.js';

/** `/users/:id/sign-out` → `signOut`. */
const actions = new Map(
  (Object.keys(apiRoutes) as ApiRouteName[]).flatMap((name) => {
    const { method, path }: ApiRoute = apiRoutes[name];
    return method === 'POST' ? [[path.replace('/users/:id/', ''), name] as const] : [];
  }),
);

export function createConsoleRoutes(
  { impersonation }: AdminSettings,
  { config, deadlineMs, now }: FeatureServices,
  gate: Gate,
  loadHandlers: () => Promise<Handlers>,
): readonly Route[] {
  const readOverviewCounts = createOverviewCounts(loadHandlers, deadlineMs / 2);
  function send(
    res: Response,
    status: number,
    title: string,
    body: Html,
    operator?: Operator,
  ): void {
    res.setHeader('Content-Security-Policy', contentSecurityPolicy);
    res.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
    // With `no-referrer`, as elsewhere, browsers send forms with `Origin: null`, which is refused. No other site gets one.
    res.setHeader('Referrer-Policy', 'same-origin');
    res
      .status(status)
      .type('html')
      .send(page(title, body, operator?.email));
  }

  type Work = (operator: Operator, handlers: Handlers) => Promise<void>;

  /** Runs the work for an operator; everybody else gets a page that says what is missing. */
  async function forOperator(
    req: Request,
    res: Response,
    isFresh: boolean,
    next: (error: unknown) => void,
    work: Work,
    then?: (refusal: Refusal) => Html,
  ): Promise<void> {
    const found = await gate.authorize(req, res, isFresh);
    if ('refusal' in found) {
      const { refusal } = found;
      const title = titles[refusal.reason] ?? (refusal.status === 503 ? 'Unavailable' : 'Sign in');
      if (refusal.status === 503) res.setHeader('Retry-After', '5');
      const options = {
        hasPasskeys: config.features.passkeys !== undefined,
        then: then?.(refusal),
      };
      const body =
        refusal.status === 503
          ? markup`<p>${refusal.message}</p>`
          : markup`${readDone(req, req.query)} ${signInPage(refusal, options)}`;
      send(res, refusal.status, title, body);
      return;
    }
    try {
      await withTimeout(work(found.operator, await loadHandlers()), deadlineMs);
    } catch (error) {
      if (error instanceof CallRefused) {
        const field = typeof error.fields.field === 'string' ? ` (${error.fields.field})` : '';
        const back = typeof req.params.id === 'string' ? userPath(req.params.id) : consolePath;
        const body = markup`<p class="bad">${error.message}${field}</p><p><a href="${back}">Back</a></p>`;
        send(res, error.status, 'Not done', body, found.operator);
      } else sendFailure(error, res, next);
    }
  }

  const callWith =
    (req: Request, res: Response, operator: Operator) => (input: Record<string, unknown>) =>
      gate.callOf(req, res, operator, input);

  const showHome: RequestHandler = function handleConsole(req, res, next) {
    return forOperator(req, res, false, next, async (operator, handlers) => {
      const call = callWith(req, res, operator);
      const { q, after } = req.query;
      const query = typeof q === 'string' ? q.trim() : '';
      const done = readDone(req, req.query);
      if (query === '') {
        const range = readRange(req.query.range);
        const body = markup`${done} ${overviewPage(await readOverviewCounts(range), range, now())}`;
        send(res, 200, 'Overview', body, operator);
        return;
      }
      const page = typeof after === 'string' ? { after } : {};
      const { users, next: last } = (await handlers.findUsers(call({ q: query, ...page }))) as {
        users: Record<string, unknown>[];
        next: string | null;
      };
      const isNobody = users.length === 0 && !('after' in page);
      const story = isNobody ? await explainStranger(call, handlers, query) : undefined;
      send(res, 200, 'Users', resultsPage(query, users, last, story), operator);
    });
  };

  const showChecks: RequestHandler = function handleConsoleChecks(req, res, next) {
    return forOperator(req, res, false, next, async (operator, handlers) => {
      const range = readRange(req.query.range);
      const { hours } = ranges[range];
      const call = callWith(req, res, operator)({ hours });
      const { checks } = (await handlers.listFailingChecks(call)) as {
        checks: Record<string, unknown>[];
      };
      send(res, 200, 'Failing checks', checksPage(checks, range, now()), operator);
    });
  };

  const showUser: RequestHandler = function handleConsoleUser(req, res, next) {
    return forOperator(req, res, false, next, async (operator, handlers) => {
      const call = callWith(req, res, operator)({});
      const view = (await handlers.showUser(call)) as UserView;
      const story = (await handlers.showStory(call)) as StoryView;
      const body = userPage(view, story, impersonation, readDone(req, req.query));
      send(res, 200, String(view.user.email), body, operator);
    });
  };

  const act: RequestHandler = function handleConsoleAction(req, res, next) {
    const action = String(req.params.action);
    const name = actions.get(action);
    if (name === undefined || (name === 'impersonate' && !impersonation)) {
      sendError(res, 'NOT_FOUND');
      return;
    }
    const fields = readForm(req.body);
    const back = userPath(String(req.params.id));
    return forOperator(
      req,
      res,
      true,
      next,
      async (operator, handlers) => {
        const call = callWith(req, res, operator)(fields);
        const done = await handlers[name](call);
        if (name === 'exportUser') {
          res.attachment(`user-${call.userId}.json`).json(done);
          return;
        }
        const isGone = name === 'deleteUser' || name === 'impersonate';
        res.redirect(303, (isGone ? consolePath : back) + doneQuery(action, done));
      },
      ({ reason }) => thenAct(`${back}/${action}`, back, reason, fields),
    );
  };

  const form = [requestBody(maxBodyBytes), requireContentType('application/x-www-form-urlencoded')];
  const get = (path: string, handler: RequestHandler): Route => ({
    stage: 'private',
    path: consolePath + path,
    methods: ['GET', 'HEAD'],
    handlers: [requireNavigation, handler],
  });
  return [
    get(consolePages.overview, showHome),
    get(consolePages.checks, showChecks),
    get(consolePages.user, showUser),
    {
      stage: 'private',
      path: `${consolePath}/users/:id/:action`,
      methods: ['POST'],
      handlers: [gate.requireSameOrigin, ...form, act],
    },
  ];
}

/** Of the page for a caller who is signed in, but may not do this; by reason. */
const titles: Readonly<Record<string, string>> = {
  aal2_required: 'Prove your second factor',
  not_fresh: 'Prove who you are again',
  role_required: 'Not an operator',
  impersonating: 'Acting as a user',
};

/** After a proof that was due the action is sent again, without a password; after a sign-in the operator decides anew. */
function thenAct(
  path: string,
  back: string,
  reason: string,
  fields: Readonly<Record<string, unknown>>,
): Html {
  const isAgain = reason === 'not_fresh' && !('password' in fields);
  if (!isAgain)
    return markup`<p>Nothing was changed. <a id="then" href="${back}">Back to the user</a></p>`;
  const hidden = Object.entries(fields).map(
    ([name, value]) => markup`<input type="hidden" name="${name}" value="${String(value)}" />`,
  );
  return markup`<p>Nothing was changed yet: it is done after the proof.</p><form id="again" action="${path}" method="post" hidden>${hidden}</form>`;
}

/** What the trail has of an address without an account, or of the id of a request, a mail or a deleted user. */
async function explainStranger(
  call: (input: Record<string, unknown>) => Call,
  { explain }: Handlers,
  query: string,
): Promise<StoryView | undefined> {
  const by = query.includes('@') ? 'email' : /^[0-9a-f]{8}$/i.test(query) ? 'session' : 'id';
  if (by === 'id' && query.length > 128) return undefined;
  return (await explain(
    call({ [by]: by === 'session' ? query.toLowerCase() : query }),
  )) as StoryView;
}

/** A link may come from anywhere; a script of another site may not read a page. */
const requireNavigation: RequestHandler = function rejectSubrequests(req, res, next) {
  const { 'sec-fetch-mode': mode, 'sec-fetch-site': site } = req.headers;
  const isOwn = site === undefined || site === 'same-origin' || site === 'none';
  if (isOwn || mode === 'navigate') next();
  else sendError(res, 'INVALID_ORIGIN');
};

/** Each field once: the first one counts. */
function readForm(body: unknown): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  const text = Buffer.isBuffer(body) ? body.toString('utf8') : '';
  for (const [name, value] of new URLSearchParams(text)) fields[name] ??= value;
  return fields;
}
