/** One action of a visitor: how its requests are sent, how long they may take together, and how it ends. */
import type { AuthFailure, CallContext } from './auth-failure.js';
import { actionTimeoutMs, createDeadline } from './deadline.js';
import { messageFor } from './failure-messages.js';
import type { Outcome } from './outcome.js';
import type { Shape } from './response-shapes.js';

export interface CallOptions {
  readonly signal: AbortSignal;
  /** BetterAuth's own session store is not used: `SessionStore` asks the service. */
  readonly disableSignal: true;
}

/** What a method of BetterAuth's client resolves with. */
export interface ClientResponse {
  readonly data: unknown;
  readonly error: unknown;
}

/** Aborts all requests of one action in time, however many of them hang. */
export async function withActionTimeout<T>(
  action: (options: CallOptions) => Promise<T>,
): Promise<T> {
  const deadline = createDeadline(actionTimeoutMs);
  try {
    return await action({ signal: deadline.signal, disableSignal: true });
  } finally {
    deadline.clear();
  }
}

/** Resolves with an outcome, whatever `call` resolves or rejects with; `ok` only if `isDone` accepts the data. */
export type Attempt = <T>(
  call: () => Promise<ClientResponse>,
  isDone: Shape<T>,
) => Promise<Outcome<T>>;

export function createAttempt(callContext: CallContext): Attempt {
  return async function attempt(call, isDone) {
    const { data, error } = await call().catch(() => ({ data: null, error: unavailable }));
    if (!error && isDone(data)) return { ok: true, value: data };
    const failure: AuthFailure = { code: '', httpStatus: 500, ...(error ?? unexpected) };
    return { ...failure, ok: false, message: messageFor(failure, callContext) };
  };
}

const unavailable: AuthFailure = { code: 'SERVICE_UNAVAILABLE', httpStatus: 503 };
const unexpected: AuthFailure = { code: 'ANSWER_UNEXPECTED', httpStatus: 502 };
