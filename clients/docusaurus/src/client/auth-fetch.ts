/**
 * `fetch` for the auth service: whatever comes back, or does not, arrives as JSON with a code, so that BetterAuth's
 * client never takes a web page for a session, nor a dead service for "signed out".
 */
import type { BearerStore } from './bearer-store.js';
import { createDeadline, isTimeout, requestTimeoutMs, withTimeout } from './deadline.js';
import { diagnoseNoAnswer } from './diagnose.js';
import type { ClientCode, Fault, Place } from './fault.js';
import type { PolicyViolations } from './policy-violations.js';

type Fetch = typeof globalThis.fetch;

/** What a get-session told besides its body. */
export interface SessionNote {
  /** `x-session-reason`; another BetterAuth server has none. */
  readonly reason?: string | undefined;
  readonly fault?: Fault | undefined;
}

export interface AuthFetchDependencies {
  readonly fetch: Fetch;
  readonly place: Place;
  readonly bearer: BearerStore;
  readonly onSession?: (note: SessionNote) => void;
  /** Another call than get-session was answered 401: what the page shows may be out of date. */
  readonly onUnauthorized?: (fault: Fault) => void;
  readonly violations?: PolicyViolations | undefined;
  /** Of one request, its body and the search for a cause included. */
  readonly timeoutMs?: number;
}

export function createAuthFetch(dependencies: AuthFetchDependencies): Fetch {
  const { bearer, onSession, onUnauthorized } = dependencies;
  return async function authFetch(input, init) {
    const headers = new Headers(init?.headers);
    const token = bearer.token();
    if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
    const { response, fault } = await ask(dependencies, input, { ...init, headers });
    const offered = response?.headers.get('set-auth-token');
    if (offered) bearer.offer(offered);
    if (isGetSession(input)) {
      onSession?.({ reason: response?.headers.get('x-session-reason') ?? undefined, fault });
    } else if (fault?.httpStatus === 401 && fault.code !== 'NOT_THE_SERVICE') {
      onUnauthorized?.(fault);
    }
    return fault ? Response.json(fault, { status: statusOf(fault) }) : response;
  };
}

type Asked =
  | { response: Response; fault?: undefined }
  | { response: Response; fault: Fault }
  | { response?: undefined; fault: Fault };

/** BetterAuth's client takes a 401 for "signed out", and that word is the auth service's alone. */
function statusOf(fault: Fault): number {
  return fault.code === 'NOT_THE_SERVICE' ? 502 : fault.httpStatus;
}

async function ask(
  dependencies: AuthFetchDependencies,
  input: RequestInfo | URL,
  init: RequestInit,
): Promise<Asked> {
  const { fetch, place, violations, timeoutMs = requestTimeoutMs } = dependencies;
  const startedAt = Date.now();
  let response: Response;
  try {
    response = await withTimeout(fetch, timeoutMs)(input, init);
  } catch (error) {
    if (isTimeout(error)) return { fault: { code: 'SERVICE_TIMEOUT', httpStatus: 503 } };
    if (init.signal?.aborted) throw error;
    const deadline = createDeadline(timeoutMs - (Date.now() - startedAt));
    const code = await diagnoseNoAnswer(fetch, place, violations, deadline.signal);
    deadline.clear();
    return { fault: { code, httpStatus: 503 } };
  }
  const { status } = response;
  if (response.headers.get('content-type')?.includes('json') !== true) {
    return {
      response,
      fault: { code: codeOfForeignAnswer(status), httpStatus: status, ...retryAfter(response) },
    };
  }
  if (response.ok) return { response };
  const body = (await response.json().catch(() => ({}))) as Record<string, unknown>;
  const code = typeof body.code === 'string' ? body.code : codeOfForeignAnswer(status);
  const message = typeof body.message === 'string' ? body.message : undefined;
  const fault = { code: status === 404 ? 'NOT_THE_SERVICE' : code, httpStatus: status, message };
  const field = typeof body.field === 'string' ? { field: body.field } : {};
  return { response, fault: { ...fault, ...field, ...retryAfter(response) } };
}

/** A web page, a gateway's error, an empty answer: something else than the auth service spoke. */
function codeOfForeignAnswer(status: number): ClientCode | 'TOO_MANY_REQUESTS' {
  if (status === 429) return 'TOO_MANY_REQUESTS';
  return status >= 500 ? 'SERVICE_UNAVAILABLE' : 'NOT_THE_SERVICE';
}

/** BetterAuth elsewhere sends `X-Retry-After` alone. A date (RFC 9110, 10.2.3) is left out. */
function retryAfter({ headers }: Response): { retryAfterSeconds?: number } {
  const value = headers.get('retry-after') ?? headers.get('x-retry-after') ?? '';
  return /^\d{1,6}$/.test(value) ? { retryAfterSeconds: Number(value) } : {};
}

function isGetSession(input: RequestInfo | URL): boolean {
  const { pathname } = new URL(input instanceof Request ? input.url : input);
  return pathname.endsWith('/get-session');
}
