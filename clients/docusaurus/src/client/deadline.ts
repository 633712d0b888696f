/** `fetch` that ends in time: a service that hangs at the connection, the headers or the body is told as one that hangs. */

type Fetch = typeof globalThis.fetch;

/** For one request, its body included. */
export const requestTimeoutMs = 10_000;
/** For everything that one click sets off, however many requests that takes. */
export const actionTimeoutMs = 12_000;

/** Aborts by itself after `timeoutMs`, with a reason that `isTimeout` knows. Call `clear` when it is not needed any more. */
export interface Deadline {
  readonly signal: AbortSignal;
  clear(): void;
}

export function createDeadline(timeoutMs: number): Deadline {
  const controller = new AbortController();
  const timer = setTimeout(
    () => controller.abort(new DOMException('no answer in time', 'TimeoutError')),
    timeoutMs,
  );
  return { signal: controller.signal, clear: () => clearTimeout(timer) };
}

export function isTimeout(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'TimeoutError';
}

/**
 * The answer arrives whole or not at all: its body was read within the time.
 * @throws DOMException `TimeoutError`; what the caller's signal was aborted with; what `fetch` rejects with
 */
export function withTimeout(fetch: Fetch, timeoutMs: number): Fetch {
  async function readWhole(input: RequestInfo | URL, init: RequestInit): Promise<Response> {
    const response = await fetch(input, init);
    const { status, statusText, headers } = response;
    if (response.body === null) return response;
    const body = await response.arrayBuffer();
    return new Response(isBodiless(status) ? null : body, { status, statusText, headers });
  }
  return async function fetchInTime(input, init) {
    const deadline = createDeadline(timeoutMs);
    const link = linkSignals(deadline.signal, init?.signal ?? undefined);
    try {
      return await raceWithAbort(readWhole(input, { ...init, signal: link.signal }), link.signal);
    } finally {
      deadline.clear();
      link.unlink();
    }
  };
}

/** The answer, or what `signal` was aborted with, whichever comes first. What was asked may go on. */
export async function raceWithAbort<T>(answer: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort);
  });
  try {
    return await Promise.race([answer, aborted]);
  } finally {
    if (onAbort) signal.removeEventListener('abort', onAbort);
  }
}

/** AbortSignal.any, which Safari has from 17.4 only. */
function linkSignals(own: AbortSignal, given: AbortSignal | undefined) {
  const controller = new AbortController();
  const follow = (signal: AbortSignal) => {
    const abort = () => controller.abort(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort);
    return () => signal.removeEventListener('abort', abort);
  };
  const unlinks = [own, ...(given ? [given] : [])].map(follow);
  return { signal: controller.signal, unlink: () => unlinks.forEach((unlink) => unlink()) };
}

/** A `Response` with such a status takes no body (Fetch, 2.2.3). */
function isBodiless(status: number): boolean {
  return [101, 103, 204, 205, 304].includes(status);
}
