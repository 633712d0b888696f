/**
 * `fetch` for the auth service: every response, or its absence, arrives as JSON with a code, so that BetterAuth's client
 * never takes a web page for a session, nor an outage for "signed out".
 */
import type { AuthFailure, CallContext, ClientCode } from './auth-failure.js';
import type { BearerStore } from './bearer-store.js';
import { createDeadline, isTimeout, requestTimeoutMs, withTimeout } from './deadline.js';
import { diagnoseNoResponse } from './diagnose.js';
import type { PolicyViolations } from './policy-violations.js';
import { isObject } from './response-shapes.js';

type Fetch = typeof globalThis.fetch;

/** What a get-session response says apart from its body. */
export interface SessionMeta {
  /** `x-session-reason`; other BetterAuth servers send none. */
  readonly reason?: string | undefined;
  readonly failure?: AuthFailure | undefined;
}

export interface AuthFetchDependencies {
  readonly fetch: Fetch;
  readonly callContext: CallContext;
  readonly bearer: BearerStore;
  readonly onSession?: (meta: SessionMeta) => void;
  /** A call other than get-session was answered 401: the session that the page shows may have ended. */
  readonly onUnauthorized?: (failure: AuthFailure) => void;
  readonly violations?: PolicyViolations | undefined;
  /** For one request, including its body and the diagnosis of a missing response. */
  readonly timeoutMs?: number;
}

export function createAuthFetch(dependencies: AuthFetchDependencies): Fetch {
  const { bearer, onSession, onUnauthorized } = dependencies;
  return async function authFetch(input, init) {
    const headers = new Headers(init?.headers);
    const token = bearer.token();
    if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
    const { response, failure } = await fetchResult(dependencies, input, { ...init, headers });
    const newToken = response?.headers.get('set-auth-token');
    if (newToken) bearer.stage(newToken);
    if (isGetSession(input)) {
      onSession?.({ reason: response?.headers.get('x-session-reason') ?? undefined, failure });
    } else if (failure?.httpStatus === 401 && failure.code !== 'NOT_THE_SERVICE') {
      onUnauthorized?.(failure);
    }
    return failure ? Response.json(failure, { status: statusOf(failure) }) : response;
  };
}

type FetchResult =
  | { response: Response; failure?: undefined }
  | { response: Response; failure: AuthFailure }
  | { response?: undefined; failure: AuthFailure };

/** BetterAuth's client takes a 401 for "signed out", which only the auth service itself may say. */
function statusOf(failure: AuthFailure): number {
  return failure.code === 'NOT_THE_SERVICE' ? 502 : failure.httpStatus;
}

async function fetchResult(
  dependencies: AuthFetchDependencies,
  input: RequestInfo | URL,
  init: RequestInit,
): Promise<FetchResult> {
  const { fetch, callContext, violations, timeoutMs = requestTimeoutMs } = dependencies;
  const startedAt = Date.now();
  let response: Response;
  try {
    response = await withTimeout(fetch, timeoutMs)(input, init);
  } catch (error) {
    if (isTimeout(error)) return { failure: { code: 'SERVICE_TIMEOUT', httpStatus: 503 } };
    if (init.signal?.aborted) throw error;
    const deadline = createDeadline(timeoutMs - (Date.now() - startedAt));
    const code = await diagnoseNoResponse(fetch, callContext, violations, deadline.signal);
    deadline.clear();
    return { failure: { code, httpStatus: 503 } };
  }
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  if (response.ok && isJson) return { response };
  const body: unknown = isJson ? await response.json().catch(() => null) : null;
  return { response, failure: toFailure(response, (body ?? {}) as Record<string, unknown>) };
}

/** @param body empty if the response is not JSON */
function toFailure(response: Response, body: Record<string, unknown>): AuthFailure {
  const { status } = response;
  const text = (name: string) => (typeof body[name] === 'string' ? body[name] : undefined);
  const code = text('code') ?? codeOfUnexpectedResponse(status);
  return {
    code: status === 404 ? 'NOT_THE_SERVICE' : code,
    httpStatus: status,
    message: text('message'),
    field: text('field'),
    fields: isTextByName(body.fields) ? body.fields : undefined,
    reason: text('reason'),
    requestId: text('requestId'),
    next: isObject(body.next) ? body.next : undefined,
    differenceSeconds: body.differenceSeconds,
    ...retryAfter(response),
  };
}

function isTextByName(value: unknown): value is Record<string, string> {
  return isObject(value) && Object.values(value).every((text) => typeof text === 'string');
}

/** The code of a web page, a gateway's error or an empty response: something other than the auth service answered. */
function codeOfUnexpectedResponse(status: number): ClientCode | 'TOO_MANY_REQUESTS' {
  if (status === 429) return 'TOO_MANY_REQUESTS';
  return status >= 500 ? 'SERVICE_UNAVAILABLE' : 'NOT_THE_SERVICE';
}

/** Other BetterAuth servers send only `X-Retry-After`. A date (RFC 9110, 10.2.3) is ignored. */
function retryAfter({ headers }: Response): { retryAfterSeconds?: number } {
  const value = headers.get('retry-after') ?? headers.get('x-retry-after') ?? '';
  return /^\d{1,6}$/.test(value) ? { retryAfterSeconds: Number(value) } : {};
}

function isGetSession(input: RequestInfo | URL): boolean {
  const { pathname } = new URL(input instanceof Request ? input.url : input);
  return pathname.endsWith('/get-session');
}
