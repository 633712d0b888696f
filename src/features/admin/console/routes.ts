/** The console: pages of HTML over the handlers of the API. Forms work without a script; signing in needs one. */
import type { Request, RequestHandler, Response } from 'express';
import { maxBodyBytes, requestBody } from '../../../http/request-body.js';
import { requireContentType } from '../../../http/require-content-type.js';
import type { Route } from '../../../http/route.js';
import { sendError } from '../../../http/send-error.js';
import { withTimeout } from '../../../http/with-timeout.js';
import type { FeatureServices } from '../../slots.js';
import { apiRoutes, type ApiRoute, type ApiRouteName } from '../api-routes.js';
import { CallRefused } from '../call.js';
import type { AdminSettings } from '../feature.js';
import type { Gate } from '../gate.js';
import type { Operator } from '../guard.js';
import { sendFailure } from '../responses.js';
import { markup, type Html } from './html.js';
import { consolePath, contentSecurityPolicy, page } from './layout.js';
import { homePage, resultsPage, signInPage, userPage } from './pages.js';
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
  { deadlineMs }: FeatureServices,
  gate: Gate,
  loadHandlers: () => Promise<Handlers>,
): readonly Route[] {
  function send(
    res: Response,
    status: number,
    title: string,
    body: Html,
    operator?: Operator,
  ): void {
    res.setHeader('Content-Security-Policy', contentSecurityPolicy);
    res.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
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
  ): Promise<void> {
    const found = await gate.authorize(req, res, isFresh);
    if ('refusal' in found) {
      const { refusal } = found;
      const title = refusal.status === 503 ? 'Unavailable' : 'Sign in';
      if (refusal.status === 503) res.setHeader('Retry-After', '5');
      const body = refusal.status === 503 ? markup`<p>${refusal.message}</p>` : signInPage(refusal);
      send(res, refusal.status, title, body);
      return;
    }
    try {
      await withTimeout(work(found.operator, await loadHandlers()), deadlineMs);
    } catch (error) {
      if (error instanceof CallRefused) {
        const field = typeof error.fields.field === 'string' ? ` (${error.fields.field})` : '';
        const body = markup`<p class="bad">${error.message}${field}</p>`;
        send(res, error.status, 'Not done', body, found.operator);
      } else sendFailure(error, res, next);
    }
  }

  const showHome: RequestHandler = function handleConsole(req, res, next) {
    return forOperator(req, res, false, next, async (operator, handlers) => {
      const call = (input: Record<string, unknown>) => gate.callOf(req, res, operator, input);
      const { q } = req.query;
      const query = typeof q === 'string' ? q.trim() : '';
      if (query === '') {
        const counts = (await handlers.countEvents(call({ kind: 'sign_in', hours: 24 }))) as {
          counts: Record<string, unknown>[];
        };
        const failing = (await handlers.listFailingChecks(call({}))) as {
          checks: Record<string, unknown>[];
        };
        send(res, 200, 'Overview', homePage(counts.counts, failing.checks), operator);
        return;
      }
      const by = /^[0-9a-f]{8}$/.test(query)
        ? 'session'
        : /^[A-Za-z0-9]{32}$/.test(query)
          ? 'id'
          : 'email';
      const { users } = (await handlers.findUsers(call({ [by]: query }))) as {
        users: Record<string, unknown>[];
      };
      send(res, 200, 'Users', resultsPage(query, users), operator);
    });
  };

  const showUser: RequestHandler = function handleConsoleUser(req, res, next) {
    return forOperator(req, res, false, next, async (operator, handlers) => {
      const call = gate.callOf(req, res, operator, {});
      const view = (await handlers.showUser(call)) as Parameters<typeof userPage>[0];
      const story = (await handlers.showStory(call)) as Parameters<typeof userPage>[1];
      const body = userPage(view, story, impersonation);
      send(res, 200, String(view.user.email), body, operator);
    });
  };

  const act: RequestHandler = function handleConsoleAction(req, res, next) {
    const name = actions.get(String(req.params.action));
    if (name === undefined || (name === 'impersonate' && !impersonation)) {
      sendError(res, 'NOT_FOUND');
      return;
    }
    return forOperator(req, res, true, next, async (operator, handlers) => {
      const call = gate.callOf(req, res, operator, readForm(req.body));
      const done = await handlers[name](call);
      if (name === 'exportUser') {
        res.attachment(`user-${call.userId}.json`).json(done);
        return;
      }
      const isGone = name === 'deleteUser' || name === 'impersonate';
      const back = isGone ? consolePath : `${consolePath}/users/${encodeURIComponent(call.userId)}`;
      res.redirect(303, back);
    });
  };

  const form = [requestBody(maxBodyBytes), requireContentType('application/x-www-form-urlencoded')];
  const get = (path: string, handler: RequestHandler): Route => ({
    stage: 'private',
    path: consolePath + path,
    methods: ['GET', 'HEAD'],
    handlers: [requireNavigation, handler],
  });
  return [
    get('', showHome),
    get('/users/:id', showUser),
    {
      stage: 'private',
      path: `${consolePath}/users/:id/:action`,
      methods: ['POST'],
      handlers: [gate.requireSameOrigin, ...form, act],
    },
  ];
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
