/**
 * `/api/auth/callback/<provider>`: verifies the provider's answer and sends the visitor back to the page with a code. No
 * session is created here: its cookie would lie in this host's partition, where the site's page never sees it.
 */
import { DrizzleQueryError } from 'drizzle-orm';
import type { Request, RequestHandler, Response } from 'express';

import { databaseFault } from '../../db/database-error.js';
import { isServiceBusy } from '../../event-loop.js';
import { clientIp } from '../../http/client-ip.js';
import { addLogFields, recordUnavailable } from '../../http/request-log.js';
import { hashToken } from '../../auth/link-token.js';
import { TimeoutError, withTimeout } from '../../http/with-timeout.js';
import { ProviderFailure } from '../../identity-providers.js';
import { findLimitsUnavailable } from '../../limit-store.js';
import type { FeatureServices } from '../slots.js';
import { decideAccount, type SignUpRules } from './account-decision.js';
import { counterName } from './counters.js';
import { logReason, redirect, redirectWithError, sendErrorPage } from './failure-response.js';
import { readFlowCookie } from './flow-cookie.js';
import type { Flows } from './flows.js';
import { describeMissingCookie } from './missing-cookie.js';
import type { RedirectReasonName } from './reasons.js';
import { unknownReason } from './start-route.js';
import { flowSecrets, type FlowState, type States } from './state.js';

type Services = Pick<
  FeatureServices,
  'config' | 'counters' | 'database' | 'identityProviders' | 'now'
>;

/** Ends a callback; `fields` are for its log line. */
class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(
    readonly reason: RedirectReasonName,
    readonly fields: Readonly<Record<string, unknown>> = {},
  ) {
    super(reason);
  }
}

export interface CallbackParts {
  /** Counts one callback of a client. */
  readonly countCallback: (address: string) => Promise<{ readonly isAllowed: boolean }>;
  readonly states: States;
  readonly flows: Flows;
  readonly rules: SignUpRules;
}

/** Where flows without a page of their own go on, on this host. */
const finishPath = '/api/auth/redirect/finish';

export function callbackRoute(
  services: Services,
  { states, flows, rules, countCallback }: CallbackParts,
): RequestHandler {
  const { config, counters, database, identityProviders, now } = services;
  const { orm } = database;

  /** @returns the code @throws Refusal, ProviderFailure, errors of the database */
  async function codeFor(
    req: Request,
    parameters: URLSearchParams,
    text: string,
    state: FlowState,
  ): Promise<string> {
    const { provider } = req.params as { provider: string };
    const found = identityProviders?.find(provider);
    if (state.provider !== provider) throw new Refusal('state_of_other_provider');
    if (found === undefined) throw new Refusal(unknownReason(provider));
    if (states.isExpired(state)) throw new Refusal('state_expired');
    const cookie = readFlowCookie(req.headers.cookie, state, config.cookies);
    if (cookie === undefined || hashToken(cookie) !== state.binding) {
      throw new Refusal('state_cookie_missing', {
        seen: describeMissingCookie(req.headers, config.baseUrl),
      });
    }
    // Each one with a new state writes a row and asks the provider.
    const { isAllowed } = await countCallback(clientIp(req, config.clientIpHeader));
    if (!isAllowed) throw new Refusal('limit_network');
    const { challenge = state.binding, returnTo } = state;
    const origin = state.challenge === undefined ? null : new URL(returnTo).origin;
    if (!(await flows.begin(orm, state, { challenge, origin }, now()))) {
      const code = await flows.reissueCode(orm, state, now());
      if (code === undefined) throw new Refusal('state_used');
      return code;
    }
    const finished = found.finish(parameters, flowSecrets(text, state, cookie));
    const { tokens, ...identity } = await withDeadline(finished);
    // Again at the redeem; here so that the visitor learns it without one.
    const decision = await decideAccount(orm, provider, identity, rules, state.linkUserId);
    if (decision.kind === 'refuse') throw new Refusal(decision.reason);
    // Tokens that nobody asked to keep are not stored, not even until the redeem.
    const kept = { ...identity, tokens: identityProviders?.keepTokens === true ? tokens : {} };
    return flows.issueCode(orm, state, kept, now());
  }

  return async function handleCallback(req, res) {
    const parameters = readParameters(req);
    const text = parameters.get('state') ?? '';
    const state = text === '' ? undefined : states.read(text);
    const { provider } = req.params as { provider: string };
    if (state === undefined) {
      const reason = identityProviders?.find(provider) ? 'state_unknown' : unknownReason(provider);
      counters.count(counterName, reason);
      logReason(res, reason, { provider });
      sendErrorPage(res, reason);
      return;
    }
    try {
      const code = await codeFor(req, parameters, text, state);
      addLogFields(res, { redirect: 'returned', provider });
      redirect(
        res,
        state.challenge === undefined
          ? `${config.baseUrl}${finishPath}?${new URLSearchParams({ code, state: text }).toString()}`
          : `${state.returnTo}#auth_code=${code}`,
      );
    } catch (error) {
      const { reason, fields } = explain(error, res);
      counters.count(counterName, reason);
      const redirectUri = identityProviders?.find(provider)?.redirectUri;
      logReason(res, reason, {
        provider,
        ...fields,
        ...(reason === 'redirect_uri_mismatch' && { redirectUri }),
      });
      redirectWithError(res, reason, state);
    }
  };
}

function explain(error: unknown, res: Response): Pick<Refusal, 'reason' | 'fields'> {
  if (error instanceof Refusal) return error;
  if (error instanceof ProviderFailure) {
    return { reason: error.reason, fields: { detail: error.detail } };
  }
  if (isOutage(error)) {
    recordUnavailable(res, error);
    return { reason: 'service_unavailable', fields: {} };
  }
  return { reason: 'internal_error', fields: { err: error } };
}

function isOutage(error: unknown): boolean {
  if (error instanceof DrizzleQueryError) return databaseFault(error) === 'unavailable';
  return findLimitsUnavailable(error) !== undefined || isServiceBusy(error);
}

/** Of all calls to the provider: platforms end a function after thirty seconds without a word. */
const finishDeadlineMs = 20_000;

async function withDeadline<T>(work: Promise<T>): Promise<T> {
  return withTimeout(work, finishDeadlineMs).catch((error: unknown) => {
    if (!(error instanceof TimeoutError)) throw error;
    throw new ProviderFailure('provider_timeout', 'several calls took too long');
  });
}

/** Of the query, or of the form that Apple's page posts. Each once: the first one counts. */
function readParameters(req: Request): URLSearchParams {
  const [, query = ''] = /\?(.*)$/s.exec(req.originalUrl) ?? [];
  const text = Buffer.isBuffer(req.body) ? req.body.toString('utf8') : query;
  const parameters = new URLSearchParams();
  for (const [name, value] of new URLSearchParams(text)) {
    if (!parameters.has(name)) parameters.append(name, value);
  }
  return parameters;
}
