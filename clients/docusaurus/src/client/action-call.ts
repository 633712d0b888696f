/** One action of a visitor: how its requests are sent, how long they may take together, and how it ends. */
import type { Shape } from './answer-shapes.js';
import { actionTimeoutMs, createDeadline } from './deadline.js';
import type { Fault, Place } from './fault.js';
import { sentenceFor } from './fault-sentences.js';
import type { Outcome } from './outcome.js';

export interface CallOptions {
  readonly signal: AbortSignal;
  /** BetterAuth's own store of the session is not used: `SessionStore` asks the service. */
  readonly disableSignal: true;
}

/** What a method of BetterAuth's client resolves with. */
export interface ClientResponse {
  readonly data: unknown;
  readonly error: unknown;
}

/** Ends all requests of one action in time, however many of them hang. */
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

/** Resolves with an outcome whatever `call` resolves or rejects with. */
export type Attempt = <T>(
  call: () => Promise<ClientResponse>,
  isDone: Shape<T>,
) => Promise<Outcome<T>>;

export function createAttempt(place: Place): Attempt {
  return async function attempt(call, isDone) {
    const { data, error } = await call().catch(() => ({ data: null, error: unreadable }));
    if (!error && isDone(data)) return { ok: true, value: data };
    const reported = (error ?? unexpected) as Partial<Fault>;
    const { code = '', httpStatus = 500, message, retryAfterSeconds, field } = reported;
    const fault = { code, httpStatus, message, retryAfterSeconds };
    return { ok: false, code, message: sentenceFor(fault, place), field, retryAfterSeconds };
  };
}

const unreadable: Fault = { code: 'SERVICE_UNAVAILABLE', httpStatus: 503 };
const unexpected: Fault = { code: 'ANSWER_UNEXPECTED', httpStatus: 502 };
