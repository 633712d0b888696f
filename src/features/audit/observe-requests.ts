/**
 * Makes events of requests that were refused, failed or changed nothing, from what the log line says of them: so no
 * refusal is missing, whichever part of the pipeline answered.
 */
import type { AuditTrail, RepeatableEvent } from '../../audit.js';
import type { AuditKind, AuditOutcome } from '../../audit-kinds.js';
import { authBasePath } from '../../auth/auth-constants.js';
import type { Auth } from '../../auth/create-auth.js';
import { auditClientOf } from '../../http/audit-client.js';
import {
  pathOf,
  type Middleware,
  type MiddlewareRequest,
  type MiddlewareResponse,
} from '../../http/middleware.js';
import { requestIdOf } from '../../http/request-id.js';
import { logFieldsOf, type LogFields } from '../../http/request-log.js';
import { isFromBrowser } from '../../session/credential-hints.js';
import { isSignedIn, reasonTable, type Reason } from '../../session/reasons.js';
import { featureErrors } from '../reasons.js';
import { changesNothing, endpointKinds, visited } from './endpoint-kinds.js';
import { presentedToken } from './presented-token.js';

interface Dependencies {
  readonly trail: AuditTrail;
  readonly auth: Pick<Auth, 'findEndpoint'>;
  readonly clientIpHeader: string | undefined;
  /** Keeps a platform awake until the events are written. */
  readonly afterResponse: (res: MiddlewareResponse, work: () => Promise<void>) => void;
}

const pathPrefix = `${authBasePath}/`;
/** No endpoint takes others: they come from programs that try out what there is. */
const methods: readonly unknown[] = ['GET', 'POST'];
const probes: readonly string[] = ['/health', '/ready', '/metrics', '/diagnostics'];

export function observeRequests({
  trail,
  auth,
  clientIpHeader,
  afterResponse,
}: Dependencies): Middleware {
  return function observeRequest(req, res, next) {
    const path = pathOf(req);
    if (probes.includes(path)) {
      next();
      return;
    }
    if (path.startsWith(pathPrefix)) {
      afterResponse(res, async () => {
        const found = await auth.findEndpoint(path).catch(() => undefined);
        observe(req, res, found ?? visitedEndpoint(path));
        await trail.flush();
      });
    } else if (path === '/session') {
      // Not awaited by the platform, which would cost each check: written with the next event.
      res.once('close', () => {
        noteCheck(req, res);
      });
    }
    next();
  };

  function observe(req: MiddlewareRequest, res: MiddlewareResponse, endpoint: string | undefined) {
    const kind = kindOf(endpoint, req.method);
    const outcome = outcomeOf(res);
    if (kind === undefined && noteCheck(req, res)) return;
    if (endpoint === undefined || !methods.includes(req.method)) return;
    // Without a kind, neither success nor a request that the endpoint does not take is of interest.
    if (kind === undefined && (outcome === 'success' || res.statusCode === 404)) return;
    const fields = logFieldsOf(res);
    const event: RepeatableEvent = {
      kind: kind ?? 'request',
      outcome,
      userId: text(fields.userId),
      account: text(fields.accountFingerprint),
      session: text(fields.tokenFingerprint),
      requestId: requestIdOf(res),
      client: auditClientOf(req, clientIpHeader),
      details: { endpoint },
    };
    if (outcome === 'refused' || outcome === 'failed') {
      trail.noteRepeatable({ ...event, reason: reasonOf(res, fields) });
    } else if (changesNothing.has(endpoint)) {
      trail.note(event);
    }
  }

  /** @returns whether the response was about a session that does not sign in */
  function noteCheck(req: MiddlewareRequest, res: MiddlewareResponse): boolean {
    const reason = res.getHeader('x-session-reason');
    if (typeof reason !== 'string' || !(reason in reasonTable)) return false;
    if (isSignedIn(reason as Reason)) return false;
    const fields = logFieldsOf(res);
    const session = text(fields.tokenFingerprint);
    trail.noteRepeatable({
      kind: 'session_check',
      outcome: reasonTable[reason as Reason].status === 503 ? 'failed' : 'refused',
      reason,
      session,
      unverifiedToken: session === undefined ? presentedToken(req.headers) : undefined,
      requestId: requestIdOf(res),
      client: auditClientOf(req, clientIpHeader),
      details: sender(req),
    });
    return true;
  }
}

/** Values of Sec-Fetch-Site. Others are not stored: a caller could make any number of different events. */
const fetchSites: readonly unknown[] = ['cross-site', 'same-site', 'same-origin', 'none'];

/** Whether a browser lost the cookie or a server never received it: lost-cookie.ts reads it. */
function sender({ headers }: MiddlewareRequest) {
  const fetchSite = headers['sec-fetch-site'];
  return {
    caller: isFromBrowser(headers) ? 'browser' : 'server',
    ...(typeof fetchSite === 'string' && fetchSites.includes(fetchSite) && { fetchSite }),
  };
}

/** The start and the end of a redirect, which are no endpoints of BetterAuth. */
function visitedEndpoint(path: string): string | undefined {
  const endpoint = path.slice(authBasePath.length);
  if (endpoint.startsWith('/callback/')) return '/callback/:id';
  return visited.has(endpoint) ? endpoint : undefined;
}

/** An endpoint that a page posts to may have a page of its own under the same path, whose visit changes nothing. */
function kindOf(endpoint = '', method = ''): AuditKind | undefined {
  return method === 'POST' || (method === 'GET' && visited.has(endpoint))
    ? endpointKinds[endpoint]
    : undefined;
}

function outcomeOf(res: MiddlewareResponse): AuditOutcome {
  const { reason, redirect } = logFieldsOf(res);
  // A redirect that fails takes the visitor back to the page, with status 302.
  const isRedirectedBack = redirect === 'failed' && res.statusCode < 400;
  const status = isRedirectedBack ? statusOfReason(text(reason)) : res.statusCode;
  if (status >= 500) return 'failed';
  return status >= 400 ? 'refused' : 'success';
}

/** 400 where the reason has no code of its own. */
function statusOfReason(reason = ''): number {
  return featureErrors[`REDIRECT_${reason.toUpperCase()}`]?.status ?? 400;
}

/** Outcomes of the attempt log that say more than the code of the response, which must not reveal who has an account. */
const tellingOutcomes: readonly unknown[] = ['wrong_password', 'unknown_account'];

function reasonOf(res: MiddlewareResponse, { reason, outcome, code }: LogFields): string {
  if (tellingOutcomes.includes(outcome)) return String(outcome);
  return text(reason) ?? text(code)?.toLowerCase() ?? `status_${res.statusCode}`;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
