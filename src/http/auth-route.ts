/**
 * `/api/auth/*`: BetterAuth, with database failures reported as 503. A plain get-session is answered without BetterAuth,
 * credentials signed with an older secret are reissued, and no cookie outlives its session.
 */
import type { Request, RequestHandler, Response as ExpressResponse } from 'express';
import { getSessionPath } from '../auth/auth-constants.js';
import type { Auth } from '../auth/create-auth.js';
import { watchEventLoop } from '../event-loop.js';
import type { RequestScope, RequestScopes } from '../request-scope.js';
import { readCredential } from '../session/credential.js';
import type { Verdict } from '../session/inspector.js';
import { isFromBrowser } from '../session/credential-hints.js';
import {
  signWithCurrentSecret,
  type ReplacedHeaders,
} from '../session/sign-with-current-secret.js';
import { recordAttempt, recordOutcome } from './attempt-log.js';
import {
  outcomeOfResponse,
  outcomeOfError,
  sendOutcome,
  type AuthOutcome,
} from './auth-outcome.js';
import { capCookieLifetime, keepSessionCookies } from './cookie-lifetime.js';
import { expireVariants } from './cookie-variants.js';
import { withTimeout } from './with-timeout.js';
import { explainRefusal } from './explain-refusal.js';
import { reissueCredential, type ReissueDependencies } from './reissue-credential.js';
import { auditClientOf } from './audit-client.js';
import { inspectWithTimeout } from './inspect-with-timeout.js';
import type { AdmitRequest } from './request-admission.js';
import { handlePlainGetSession } from './get-session-fast-path.js';
import { requestIdOf } from './request-id.js';
import { addLogFields, type LogFields } from './request-log.js';
import { isUnavailable, setSessionReasonHeader } from './session-reason.js';
import { confirmSignOut, isSignOut, type SignOutDependencies } from './sign-out.js';
import { responseSent } from './after-response.js';
import { toWebRequest } from './web-request.js';

export interface AuthRouteDependencies extends SignOutDependencies, ReissueDependencies {
  readonly auth: Auth;
  readonly scopes: RequestScopes;
  readonly admitRequest: AdmitRequest;
  readonly now: () => Date;
}

/** A request passing through the steps. */
interface Exchange {
  readonly req: Request;
  readonly res: ExpressResponse;
  readonly scope: RequestScope;
  /** The remaining time of the request in milliseconds, at least 1. */
  readonly remainingMs: () => number;
  /** Whether the request timed out because this process was busy. */
  readonly wasBusy: () => boolean;
}

export function authRoute(dependencies: AuthRouteDependencies): RequestHandler {
  const { config, deadlineMs, logger } = dependencies;

  return async function handleAuth(req, res) {
    const startedAt = performance.now();
    const wasBusyFor = watchEventLoop();
    const exchange: Exchange = {
      req,
      res,
      scope: {
        requestId: requestIdOf(res),
        client: auditClientOf(req, config.clientIpHeader),
        waitForResponse: () => responseSent(res),
      },
      remainingMs: () => Math.max(1, deadlineMs - (performance.now() - startedAt)),
      wasBusy: () => wasBusyFor(deadlineMs),
    };
    recordAttempt(req, res, config.clientIpHeader);
    const outcome = await outcomeOf(exchange, dependencies);
    await sendOutcome(outcome, res, logger, exchange.scope.unavailablePage);
    recordOutcome(req, res, exchange.scope);
  };
}

/** The three steps: select the credential, call BetterAuth, correct its response. */
async function outcomeOf(
  exchange: Exchange,
  dependencies: AuthRouteDependencies,
): Promise<AuthOutcome> {
  const selected = await selectCredential(exchange, dependencies);
  if (selected.kind !== 'credential') return selected;
  const { replaced } = selected;
  const handled = await callBetterAuth(exchange, replaced.headers, dependencies);
  if (handled.kind !== 'handled') return handled;
  try {
    return await correctResponse(handled.response, exchange, replaced, dependencies);
  } catch (error) {
    return outcomeOfError(error);
  }
}

type SelectedCredential = { readonly kind: 'credential'; readonly replaced: ReplacedHeaders };

/** Selects the effective credential, in the form that BetterAuth accepts; a plain get-session is answered here. */
async function selectCredential(
  { req, res, scope, remainingMs }: Exchange,
  dependencies: AuthRouteDependencies,
): Promise<SelectedCredential | AuthOutcome> {
  const { auth, config, credentialRules, inspect } = dependencies;
  const inspected = isGetSession(req)
    ? await setSessionReasonHeader(req.headers, res, dependencies)
    : undefined;
  if (inspected !== undefined) {
    addLogFields(res, refreshFields(req));
    const unavailable = unavailableOutcome(inspected);
    if (unavailable !== undefined) return unavailable;
    if (
      handlePlainGetSession(req, res, inspected, auth.getSessionFields(), config.sessionLifetime)
    ) {
      return { kind: 'sent' };
    }
  }
  // Loads BetterAuth. A failure here is a fault of the deployment, not of the database.
  const endpoint = await auth.findEndpoint(req.path);
  if (endpoint === undefined) return { kind: 'not_found' };
  scope.endpoint = endpoint;
  const { candidates, verified } = readCredential(req.headers, credentialRules);
  let effectiveToken: string | undefined;
  if (candidates !== undefined) {
    const verdict = inspected ?? (await inspectWithTimeout(inspect, req.headers, remainingMs()));
    const unavailable = unavailableOutcome(verdict);
    if (unavailable !== undefined) return unavailable;
    // Of several cookies of the name BetterAuth reads the first, so it receives only the effective one.
    effectiveToken = verdict.signedIn ? verdict.token : undefined;
    scope.presentedTokens = candidates.map(({ token }) => token);
  }
  const sessionToken = effectiveToken ?? verified?.token;
  if (sessionToken !== undefined) scope.sessionToken = sessionToken;
  const replaced = signWithCurrentSecret(req.headers, credentialRules, effectiveToken);
  const { secretVersion } = replaced;
  if (secretVersion !== undefined) addLogFields(res, { secretVersion });
  return { kind: 'credential', replaced };
}

/** The outcome of a session check that could not be made; undefined if it was made. */
function unavailableOutcome(verdict: Verdict): AuthOutcome | undefined {
  const { reason } = verdict;
  if (verdict.signedIn || !isUnavailable(reason)) return undefined;
  return { kind: 'unavailable', reason, error: verdict.error };
}

/** BetterAuth's response, unless something was unavailable in the meantime: then the response is discarded. */
async function callBetterAuth(
  { req, res, scope, remainingMs, wasBusy }: Exchange,
  headers: ReplacedHeaders['headers'],
  { auth, config, scopes, admitRequest }: AuthRouteDependencies,
): Promise<{ readonly kind: 'handled'; readonly response: Response } | AuthOutcome> {
  // Created after admission: under heavy load most requests are rejected, and rejection must be cheap.
  const handle = () => auth.handle(toWebRequest(req, config, headers));
  try {
    const response = await withTimeout(
      scopes.run(scope, () => admitRequest(req.path, res, handle)),
      remainingMs(),
      wasBusy,
    );
    const { unavailable } = scope;
    return unavailable === undefined ? { kind: 'handled', response } : outcomeOfError(unavailable);
  } catch (error) {
    return outcomeOfError(scope.unavailable ?? error);
  }
}

/**
 * Corrects the cookies and the body of BetterAuth's response.
 * @throws database errors, or `TimeoutError`: the outcome is then "unavailable"
 */
async function correctResponse(
  response: Response,
  { req, res, scope, remainingMs }: Exchange,
  { secretVersion }: ReplacedHeaders,
  dependencies: AuthRouteDependencies,
): Promise<AuthOutcome> {
  const { config, credentialRules, now } = dependencies;
  const { cookieName } = credentialRules;
  if (scope.absoluteExpiries)
    capCookieLifetime(response, cookieName, scope.absoluteExpiries, now());
  if (scope.hasHiddenSession === true && !isSignOut(req)) keepSessionCookies(response);
  expireVariants(req, response, config);
  if (secretVersion !== undefined && response.ok && !setsCookie(response, cookieName)) {
    const isActive = await reissueCredential(req, res, remainingMs(), dependencies);
    // setSessionReasonHeader has already counted a get-session.
    if (isActive && !isGetSession(req)) dependencies.countSecretUsage(secretVersion);
  }
  const withRemainingTime = { ...dependencies, deadlineMs: remainingMs() };
  if (response.ok && isSignOut(req) && (await confirmSignOut(req, res, scope, withRemainingTime))) {
    return { kind: 'sent' };
  }
  const explained = await explainRefusal(response, req, res, withRemainingTime);
  return explained === undefined ? { kind: 'sent' } : outcomeOfResponse(explained, scope);
}

function isGetSession({ method, path }: Request): boolean {
  return method === 'GET' && path === getSessionPath;
}

/** A refreshed cookie sent to a server never reaches the browser: the session is extended while the browser's cookie expires. */
function refreshFields({ headers, query }: Request): LogFields {
  if (isFromBrowser(headers) || headers.cookie === undefined) return {};
  if (query.disableRefresh === 'true') return {};
  return {
    refreshHint:
      'called by a server or a tool, so the refreshed cookie does not reach the browser: call /session, or add ?disableRefresh=true',
  };
}

/** Whether the response already sets or clears this cookie. */
function setsCookie(response: Response, name: string): boolean {
  return response.headers.getSetCookie().some((line) => line.startsWith(`${name}=`));
}
