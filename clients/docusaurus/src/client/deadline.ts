/** Timeouts for `fetch`: of the connection, the headers and the body together. */

type Fetch = typeof globalThis.fetch;

/** For one request, including its body. */
export const requestTimeoutMs = 10_000;
/** For all requests of one action. */
export const actionTimeoutMs = 12_000;

/** Aborts after `timeoutMs` with a reason that `isTimeout` recognizes. Call `clear` when it is no longer needed. */
export interface Deadline {
  readonly signal: AbortSignal;
  clear(): void;
}

export function createDeadline(timeoutMs: number): Deadline {
  const controller = new AbortController();
  const { signal } = controller;
  let timer: ReturnType<typeof setTimeout>;
  const restart = (ms: number) => {
    clearTimeout(timer);
    timer = setTimeout(
      () => controller.abort(new DOMException('no answer in time', 'TimeoutError')),
      ms,
    );
  };
  restart(timeoutMs);
  restarts.set(signal, restart);
  return { signal, clear: () => clearTimeout(timer) };
}

const restarts = new WeakMap<AbortSignal, (ms: number) => void>();

/** Begins the deadline of a signal again, for an action that waits for the visitor. Other signals are left as they are. */
export function restartDeadline(signal: AbortSignal | undefined, timeoutMs: number): void {
  if (signal !== undefined) restarts.get(signal)?.(timeoutMs);
}

export function isTimeout(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'TimeoutError';
}

/**
 * The response is complete: its body was read within the timeout.
 * @throws DOMException `TimeoutError`; the reason of the caller's signal; whatever `fetch` rejects with
 */
export function withTimeout(fetch: Fetch, timeoutMs: number): Fetch {
  async function readFully(input: RequestInfo | URL, init: RequestInit): Promise<Response> {
    const response = await fetch(input, init);
    const { status, statusText, headers } = response;
    if (response.body === null) return response;
    const body = await response.arrayBuffer();
    return new Response(isBodiless(status) ? null : body, { status, statusText, headers });
  }
  return async function fetchWithTimeout(input, init) {
    const deadline = createDeadline(timeoutMs);
    const link = linkSignals(deadline.signal, init?.signal ?? undefined);
    try {
      return await raceWithAbort(readFully(input, { ...init, signal: link.signal }), link.signal);
    } finally {
      deadline.clear();
      link.unlink();
    }
  };
}

/** Settles as `promise` does, or rejects with the reason of `signal`, whichever comes first. The work itself continues. */
export async function raceWithAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort);
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    if (onAbort) signal.removeEventListener('abort', onAbort);
  }
}

/** AbortSignal.any, which Safari supports only from 17.4. */
function linkSignals(own: AbortSignal, given: AbortSignal | undefined) {
  const controller = new AbortController();
  const link = (signal: AbortSignal) => {
    const abort = () => controller.abort(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort);
    return () => signal.removeEventListener('abort', abort);
  };
  const unlinks = [own, ...(given ? [given] : [])].map(link);
  return { signal: controller.signal, unlink: () => unlinks.forEach((unlink) => unlink()) };
}

/** `new Response` throws for a body with such a status (Fetch, 2.2.3). */
function isBodiless(status: number): boolean {
  return [101, 103, 204, 205, 304].includes(status);
}
