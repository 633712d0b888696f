/**
 * `/api/auth/*`: BetterAuth, with the database's failures told as what they are. A plain get-session is answered
 * without it, an older secret's credential is renewed, and no cookie outlives its session.
 */
import type { Request, RequestHandler, Response as ExpressResponse } from 'express';
import { authBasePath } from '../auth/auth-names.js';
import type { Auth } from '../auth/create-auth.js';
import type { RequestScope, RequestScopes } from '../request-scope.js';
import { readCredential } from '../session/credential.js';
import { isFromBrowser } from '../session/evidence.js';
import type { Verdict } from '../session/inspector.js';
import { resignCredentials } from '../session/resign-credentials.js';
import { noteAttempt, noteOutcome } from './attempt-log.js';
import { cutCookieLifetime } from './cookie-lifetime.js';
import { isServiceBusy, watchEventLoop } from '../event-loop.js';
import { expireVariants } from './cookie-variants.js';
import { withDeadline } from './deadline.js';
import { explainRefusal } from './explain-refusal.js';
import { handOutResigned, type HandOutDependencies } from './hand-out.js';
import { SignInBusyError, type AdmitPassword } from './password-admission.js';
import { answerPlainGetSession } from './plain-get-session.js';
import { inspectInTime } from './inspect-in-time.js';
import { requestIdOf } from './request-id.js';
import { addLogFields, noteUnavailable, type LogFields } from './request-log.js';
import { sendError } from './send-error.js';
import {
  isUnavailable,
  retractSessionReason,
  sendUnavailable,
  tellSessionReason,
} from './session-reason.js';
import { confirmSignOut, isSignOut, type SignOutDependencies } from './sign-out.js';
import { toWebRequest } from './web-request.js';
import { sendWebResponse } from './web-response.js';

export interface AuthRouteDependencies extends SignOutDependencies, HandOutDependencies {
  readonly auth: Auth;
  readonly scopes: RequestScopes;
  readonly admitPassword: AdmitPassword;
}

export function authRoute(dependencies: AuthRouteDependencies): RequestHandler {
  const { auth, config, credentialRules, inspect, scopes, deadlineMs, now, admitPassword } =
    dependencies;

  return async function answerAuth(req, res) {
    const startedAt = performance.now();
    const remainingMs = () => Math.max(1, deadlineMs - (performance.now() - startedAt));
    const wasBusyFor = watchEventLoop();
    const isGetSession = req.method === 'GET' && req.path === `${authBasePath}/get-session`;
    let verdict: Verdict | undefined;
    if (isGetSession) {
      addLogFields(res, refreshFields(req));
      verdict = await tellSessionReason(req.headers, res, dependencies);
      const { reason } = verdict;
      if (isUnavailable(reason)) {
        sendUnavailable(res, reason);
        return;
      }
      if (answerPlainGetSession(req, res, verdict, config.sessionLifetime, now())) return;
    }
    // Loads BetterAuth. Where that fails it is a fault of this deployment, and not of the database.
    if (!(await auth.hasEndpoint(req.path))) {
      sendError(res, 'NOT_FOUND');
      return;
    }
    const { candidates, verified } = readCredential(req.headers, credentialRules);
    if (candidates !== undefined && verdict === undefined) {
      verdict = await inspectInTime(inspect, req.headers, remainingMs());
      if (isUnavailable(verdict.reason)) {
        noteUnavailable(res, verdict.error);
        sendUnavailable(res, verdict.reason);
        return;
      }
    }
    // Of several cookies of the name BetterAuth takes the first: it is handed the one that counts, alone.
    const counting = candidates && verdict?.token;
    const resigned = resignCredentials(req.headers, credentialRules, counting);
    if (resigned.secretVersion !== undefined) {
      addLogFields(res, { secretVersion: resigned.secretVersion });
    }
    const request = toWebRequest(req, config, resigned.headers);
    const sessionToken = counting ?? verified?.token;
    const scope: RequestScope = {
      requestId: requestIdOf(res),
      ...(sessionToken !== undefined && { sessionToken }),
      ...(candidates && { presentedTokens: candidates.map(({ token }) => token) }),
    };
    noteAttempt(req, res, config.clientIpHeader);
    let answer = await withDeadline(
      scopes.run(scope, () => admitPassword(req.path, res, () => auth.handle(request))),
      remainingMs(),
      () => wasBusyFor(deadlineMs),
    ).catch((error: unknown) => {
      scope.unavailable ??= error;
      return undefined;
    });
    const { absoluteEnds, unavailable } = scope;
    if (answer !== undefined && unavailable === undefined) {
      const { cookieName } = credentialRules;
      if (absoluteEnds) cutCookieLifetime(answer, cookieName, absoluteEnds, now());
      expireVariants(req, answer, config);
      const isOld = resigned.secretVersion !== undefined;
      if (isOld && answer.ok && !setsCookie(answer, cookieName)) {
        const isAlive = await handOutResigned(req, res, remainingMs(), dependencies);
        if (isAlive && !isGetSession) dependencies.countSecretUse(resigned.secretVersion);
      }
    }
    if (answer !== undefined && scope.unavailable === undefined) {
      const inTime = { ...dependencies, deadlineMs: remainingMs() };
      try {
        const isRefused = answer.ok && isSignOut(req) && (await confirmSignOut(req, res, inTime));
        const explained = isRefused ? undefined : await explainRefusal(answer, req, res, inTime);
        if (explained === undefined) {
          noteOutcome(req, res, scope);
          return;
        }
        answer = explained;
      } catch (error) {
        scope.unavailable = error;
      }
    }
    await tellAnswer(answer, scope, res, dependencies);
    noteOutcome(req, res, scope);
  };
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

async function tellAnswer(
  answer: Response | undefined,
  scope: RequestScope,
  res: ExpressResponse,
  { logger }: AuthRouteDependencies,
): Promise<void> {
  const requestId = requestIdOf(res);
  if (scope.unavailable instanceof SignInBusyError) {
    sendError(res, 'SIGN_IN_BUSY');
  } else if (answer === undefined || scope.unavailable !== undefined) {
    // Whatever BetterAuth made of it (401, a cleared cookie, even success), nobody knows: its answer is dropped.
    noteUnavailable(res, scope.unavailable);
    const reason = isServiceBusy(scope.unavailable) ? 'service_busy' : 'database_unavailable';
    retractSessionReason(res, reason);
    sendUnavailable(res, reason);
  } else if (scope.rejected !== undefined && answer.status >= 500) {
    // At info: it is the visitor's input, which alarms nobody.
    logger.info({ err: scope.rejected, requestId }, 'the database refused a value of the request');
    sendError(res, 'INVALID_REQUEST');
  } else if (answer.status >= 500) {
    logger.error({ requestId, status: answer.status }, 'auth failed');
    sendError(res, 'INTERNAL_ERROR');
  } else {
    await sendWebResponse(answer, res);
  }
}
