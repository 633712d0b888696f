/** Sends the pages of the console, and runs what only an operator may: everybody else gets a page that says what is missing. */
import type { Request, Response } from 'express';
import { withTimeout } from '../../../http/with-timeout.js';
import type { FeatureServices } from '../../slots.js';
import { consolePath } from '../api-routes.js';
import { CallRefused, type Call } from '../call.js';
import type { Gate } from '../gate.js';
import type { Operator, Refusal } from '../guard.js';
import type { Handlers } from '../handlers.js';
import { sendFailure } from '../responses.js';
import { readDone } from './done.js';
import { markup, type Html } from './html.js';
import { contentSecurityPolicy, page } from './layout.js';
import { signInPage } from './pages.js';
import { userPath } from './user-page.js';

export interface OperatorRequest {
  readonly operator: Operator;
  readonly handlers: Handlers;
  /** What the handlers get. @param input unverified */
  readonly callWith: (input: Readonly<Record<string, unknown>>) => Call;
}

interface Exchange {
  readonly req: Request;
  readonly res: Response;
  readonly next: (error: unknown) => void;
}

interface ActionRequest {
  /**
   * What is written on the page for a caller who may not act, below the proof.
   * @param stale undefined unless the caller is an operator who only has to prove it again
   */
  readonly describe: (stale: OperatorRequest | undefined) => Html | Promise<Html>;
}

export type ForOperator = (
  exchange: Exchange,
  work: (request: OperatorRequest) => Promise<void>,
  /** Of a request that needs a fresh proof. */
  action?: ActionRequest,
) => Promise<void>;

export function sendPage(
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

/** Of the page for a caller who is signed in, but may not do this; by reason. */
const titles: Readonly<Record<string, string>> = {
  aal2_required: 'Prove your second factor',
  not_fresh: 'Prove who you are again',
  role_required: 'Not an operator',
  impersonating: 'Acting as a user',
};

export function createForOperator(
  { config, deadlineMs }: FeatureServices,
  gate: Gate,
  loadHandlers: () => Promise<Handlers>,
): ForOperator {
  const hasPasskeys = config.features.passkeys !== undefined;

  const requestOf = async (
    { req, res }: Exchange,
    operator: Operator,
  ): Promise<OperatorRequest> => ({
    operator,
    handlers: await loadHandlers(),
    callWith: (input) => gate.callOf(req, res, operator, input),
  });

  async function sendRefused(
    exchange: Exchange,
    refusal: Refusal,
    action: ActionRequest | undefined,
  ): Promise<void> {
    const { req, res } = exchange;
    const { status, message, reason, staleOperator } = refusal;
    if (status === 503) {
      res.setHeader('Retry-After', '5');
      sendPage(res, status, 'Unavailable', markup`<p>${message}</p>`);
      return;
    }
    const stale = staleOperator && (await requestOf(exchange, staleOperator));
    const then = await action?.describe(stale);
    const body = markup`${readDone(req, req.query)} ${signInPage(refusal, { hasPasskeys, then })}`;
    sendPage(res, status, titles[reason] ?? 'Sign in', body);
  }

  return async function forOperator(exchange, work, action) {
    const { req, res, next } = exchange;
    const found = await gate.authorize(req, res, action !== undefined);
    try {
      const response =
        'refusal' in found
          ? sendRefused(exchange, found.refusal, action)
          : requestOf(exchange, found.operator).then(work);
      await withTimeout(response, deadlineMs);
    } catch (error) {
      if (!(error instanceof CallRefused)) {
        sendFailure(error, res, next);
        return;
      }
      const field = typeof error.fields.field === 'string' ? ` (${error.fields.field})` : '';
      const back = typeof req.params.id === 'string' ? userPath(req.params.id) : consolePath;
      const body = markup`<p class="bad">${error.message}${field}</p><p><a href="${back}">Back</a></p>`;
      const operator = 'operator' in found ? found.operator : undefined;
      sendPage(res, error.status, 'Not done', body, operator);
    }
  };
}
