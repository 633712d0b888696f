/** The forms of the console: each is an action of the API on one user. */
import type { RequestHandler } from 'express';
import { sendError } from '../../../http/send-error.js';
import { consolePath } from '../api-routes.js';
import type { AdminSettings } from '../feature.js';
import { actionNames } from './actions.js';
import { doneQuery } from './done.js';
import type { ForOperator, OperatorRequest } from './for-operator.js';
import type { Html } from './html.js';
import { actAgainPart, notDonePart } from './step-up-part.js';
import { userPath } from './user-page.js';

/** @param forOperator who is let in, and what everybody else gets */
export function createActionHandler(
  { impersonation }: AdminSettings,
  forOperator: ForOperator,
): RequestHandler {
  return function handleConsoleAction(req, res, next) {
    const action = String(req.params.action);
    const name = actionNames.get(action);
    if (name === undefined || (name === 'impersonate' && !impersonation)) {
      sendError(res, 'NOT_FOUND');
      return;
    }
    const fields = readForm(req.body);
    const id = String(req.params.id);

    /** @throws CallRefused 404 if there is no such user */
    async function describe(stale: OperatorRequest | undefined): Promise<Html> {
      if (stale === undefined) return notDonePart(id);
      const { email } = await stale.handlers.showEmail(stale.callWith({}));
      return actAgainPart({ id, email, action, fields });
    }

    return forOperator(
      { req, res, next },
      async ({ handlers, callWith }) => {
        const call = callWith(fields);
        const done = await handlers[name](call);
        if (name === 'exportUser') {
          res.attachment(`user-${call.userId}.json`).json(done);
          return;
        }
        const isGone = name === 'deleteUser' || name === 'impersonate';
        res.redirect(303, (isGone ? consolePath : userPath(id)) + doneQuery(action, done));
      },
      { describe },
    );
  };
}

/** Each field once: the first one counts. */
function readForm(body: unknown): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  const text = Buffer.isBuffer(body) ? body.toString('utf8') : '';
  for (const [name, value] of new URLSearchParams(text)) fields[name] ??= value;
  return fields;
}
