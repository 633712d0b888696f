/**
 * `/api/auth/*`: BetterAuth, with the database's failures told as what they are. A plain get-session is answered
 * without it, an older secret's credential is renewed, and no cookie outlives its session.
 */
import type { Request, RequestHandler, Response as ExpressResponse } from 'express';
import { authBasePath } from '../auth/auth-names.js';
import type { Auth } from '../auth/create-auth.js';
import { watchEventLoop } from '../event-loop.js';
import type { RequestScope, RequestScopes } from '../request-scope.js';
import { readCredential } from '../session/credential.js';
import { isFromBrowser } from '../session/evidence.js';
import { resignCredentials, type Resigned } from '../session/resign-credentials.js';
import { noteAttempt, noteOutcome } from './attempt-log.js';
import { outcomeOfAnswer, outcomeOfError, sendOutcome, type AuthOutcome } from './auth-outcome.js';
import { cutCookieLifetime } from './cookie-lifetime.js';
import { expireVariants } from './cookie-variants.js';
import { withDeadline } from './deadline.js';
import { explainRefusal } from './explain-refusal.js';
import { handOutResigned, type HandOutDependencies } from './hand-out.js';
import { inspectInTime } from './inspect-in-time.js';
import type { AdmitPassword } from './password-admission.js';
import { answerPlainGetSession } from './get-session-fast-path.js';
import { requestIdOf } from './request-id.js';
import { addLogFields, type LogFields } from './request-log.js';
import { isUnavailable, tellSessionReason } from './session-reason.js';
import { confirmSignOut, isSignOut, type SignOutDependencies } from './sign-out.js';
import { toWebRequest } from './web-request.js';

export interface AuthRouteDependencies extends SignOutDependencies, HandOutDependencies {
  readonly auth: Auth;
  readonly scopes: RequestScopes;
  readonly admitPassword: AdmitPassword;
}

/** One request on its way through the steps. */
interface Exchange {
  readonly req: Request;
  readonly res: ExpressResponse;
  readonly scope: RequestScope;
  /** What is left of the request's time, in milliseconds, 1 at least. */
  readonly remainingMs: () => number;
  /** Whether the request's whole time passed because of this process. */
  readonly wasBusy: () => boolean;
}

export function authRoute(dependencies: AuthRouteDependencies): RequestHandler {
  const { config, deadlineMs, logger } = dependencies;

  return async function answerAuth(req, res) {
    const startedAt = performance.now();
    const wasBusyFor = watchEventLoop();
    const exchange: Exchange = {
      req,
      res,
      scope: { requestId: requestIdOf(res) },
      remainingMs: () => Math.max(1, deadlineMs - (performance.now() - startedAt)),
      wasBusy: () => wasBusyFor(deadlineMs),
    };
    noteAttempt(req, res, config.clientIpHeader);
    await sendOutcome(await outcomeOf(exchange, dependencies), res, logger);
    noteOutcome(req, res, exchange.scope);
  };
}

/** The three steps: which credential counts, what BetterAuth says, and what of that is true. */
async function outcomeOf(
  exchange: Exchange,
  dependencies: AuthRouteDependencies,
): Promise<AuthOutcome> {
  const read = await readCounting(exchange, dependencies);
  if (read.kind !== 'credential') return read;
  const { resigned } = read;
  const handled = await askBetterAuth(exchange, resigned.headers, dependencies);
  if (handled.kind !== 'handled') return handled;
  try {
    return await completeAnswer(handled.answer, exchange, resigned, dependencies);
  } catch (error) {
    return outcomeOfError(error);
  }
}

type CountingCredential = { readonly kind: 'credential'; readonly resigned: Resigned };

/** Finds the credential that counts, in the form that BetterAuth takes; a plain get-session ends here. */
async function readCounting(
  { req, res, scope, remainingMs }: Exchange,
  dependencies: AuthRouteDependencies,
): Promise<CountingCredential | AuthOutcome> {
  const { auth, config, credentialRules, inspect, now } = dependencies;
  const inspected = isGetSession(req)
    ? await tellSessionReason(req.headers, res, dependencies)
    : undefined;
  if (inspected !== undefined) {
    addLogFields(res, refreshFields(req));
    const { reason, error } = inspected;
    if (isUnavailable(reason)) return { kind: 'unavailable', reason, error };
    if (
      answerPlainGetSession(
        req,
        res,
        inspected,
        auth.getSessionFields(),
        config.sessionLifetime,
        now(),
      )
    ) {
      return { kind: 'answered' };
    }
  }
  // Loads BetterAuth. Where that fails it is a fault of this deployment, and not of the database.
  const endpoint = await auth.findEndpoint(req.path);
  if (endpoint === undefined) return { kind: 'not_found' };
  scope.endpoint = endpoint;
  const { candidates, verified } = readCredential(req.headers, credentialRules);
  let counting: string | undefined;
  if (candidates !== undefined) {
    const verdict = inspected ?? (await inspectInTime(inspect, req.headers, remainingMs()));
    const { reason, error } = verdict;
    if (isUnavailable(reason)) return { kind: 'unavailable', reason, error };
    // Of several cookies of the name BetterAuth takes the first: it is handed the one that counts, alone.
    counting = verdict.token;
    scope.presentedTokens = candidates.map(({ token }) => token);
  }
  const sessionToken = counting ?? verified?.token;
  if (sessionToken !== undefined) scope.sessionToken = sessionToken;
  const resigned = resignCredentials(req.headers, credentialRules, counting);
  const { secretVersion } = resigned;
  if (secretVersion !== undefined) addLogFields(res, { secretVersion });
  return { kind: 'credential', resigned };
}

/** BetterAuth's answer, unless something was unavailable meanwhile: then it is dropped, whatever it says. */
async function askBetterAuth(
  { req, res, scope, remainingMs, wasBusy }: Exchange,
  headers: Resigned['headers'],
  { auth, config, scopes, admitPassword }: AuthRouteDependencies,
): Promise<{ readonly kind: 'handled'; readonly answer: Response } | AuthOutcome> {
  // Made once it is admitted: in a storm most requests are refused, and each must cost little.
  const handle = () => auth.handle(toWebRequest(req, config, headers));
  try {
    const answer = await withDeadline(
      scopes.run(scope, () => admitPassword(req.path, res, handle)),
      remainingMs(),
      wasBusy,
    );
    const { unavailable } = scope;
    return unavailable === undefined ? { kind: 'handled', answer } : outcomeOfError(unavailable);
  } catch (error) {
    return outcomeOfError(scope.unavailable ?? error);
  }
}

/**
 * Brings cookies and words of the answer into line with what is true.
 * @throws what the database throws, or `DeadlineError`: then nobody can tell
 */
async function completeAnswer(
  answer: Response,
  { req, res, scope, remainingMs }: Exchange,
  { secretVersion }: Resigned,
  dependencies: AuthRouteDependencies,
): Promise<AuthOutcome> {
  const { config, credentialRules, now } = dependencies;
  const { cookieName } = credentialRules;
  if (scope.absoluteEnds) cutCookieLifetime(answer, cookieName, scope.absoluteEnds, now());
  expireVariants(req, answer, config);
  if (secretVersion !== undefined && answer.ok && !setsCookie(answer, cookieName)) {
    const isAlive = await handOutResigned(req, res, remainingMs(), dependencies);
    // tellSessionReason has counted a get-session.
    if (isAlive && !isGetSession(req)) dependencies.countSecretUse(secretVersion);
  }
  const inTime = { ...dependencies, deadlineMs: remainingMs() };
  if (answer.ok && isSignOut(req) && (await confirmSignOut(req, res, scope, inTime))) {
    return { kind: 'answered' };
  }
  const explained = await explainRefusal(answer, req, res, inTime);
  return explained === undefined ? { kind: 'answered' } : outcomeOfAnswer(explained, scope);
}

function isGetSession({ method, path }: Request): boolean {
  return method === 'GET' && path === `${authBasePath}/get-session`;
}

/** A renewed cookie that goes to a server reaches no browser: the row lives on while the browser's cookie ends. */
function refreshFields({ headers, query }: Request): LogFields {
  if (isFromBrowser(headers) || headers.cookie === undefined) return {};
  if (query.disableRefresh === 'true') return {};
  return {
    refreshHint:
      'a server or a tool asks, and the renewed cookie would reach no browser: ask /session, or with ?disableRefresh=true',
  };
}

/** Whether the answer itself sets or clears this cookie. */
function setsCookie(answer: Response, name: string): boolean {
  return answer.headers.getSetCookie().some((line) => line.startsWith(`${name}=`));
}
