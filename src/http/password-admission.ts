/**
 * Lets the requests that BetterAuth answers begin a few at a time, those that hash a password in a lane of their own. A
 * sign-in costs the event loop as much before and after its hash as the hash costs another thread, so whole requests
 * wait, and not their hashes alone. The others cost it some milliseconds each: 256 at once, begun together, would keep
 * it from everything else for as long as all of them take.
 */
import type { Response as ExpressResponse } from 'express';
import { authBasePath, passwordEndpoints } from '../auth/auth-names.js';
import { createConcurrencyLimit, hashesAtOnce, NotAdmittedError } from '../concurrency-limit.js';
import { ServiceBusyError, watchEventLoop } from '../event-loop.js';
import { DeadlineError } from './deadline.js';

/** Each body is 100 kB at most. */
const maxQueueLength = 500;

/** An answer is there within a second, for whoever stands behind the first of the queue. */
const maxWaitMs = 600;

/** So many who sign in at once are all let in, however slow the machine is: each is served well within the wait. */
const frontLength = 32;

export interface PasswordAdmissionOptions {
  /** The pool's connections: one at least stays for whatever else is asked, where there are several. */
  readonly poolSize: number;
  readonly connections: {
    /** For how long, in milliseconds, the oldest use of a connection lasts that has not ended. */
    readonly oldestUseMs: () => number;
    /** Settles when there is a connection: a database that sleeps is nobody's crowd. */
    readonly wake: () => Promise<void>;
  };
  /** The longest a request waits for the database, in milliseconds. */
  readonly deadlineMs: number;
}

/** Too many hash passwords. */
export class SignInBusyError extends Error {
  override readonly name = 'SignInBusyError';
}

/** Runs what answers a request to this path, when its turn comes. @throws SignInBusyError, ServiceBusyError, DeadlineError, as the pool does, and what the work throws */
export type AdmitPassword = <T>(
  path: string,
  res: ExpressResponse,
  work: () => Promise<T>,
) => Promise<T>;

const hashing = new Set(passwordEndpoints.map((path) => authBasePath + path));

export function createPasswordAdmission(options: PasswordAdmissionOptions): AdmitPassword {
  const { poolSize, connections, deadlineMs } = options;
  // One more than hash at once: while one waits for its hash, another is looked up or answered.
  const concurrency = Math.max(1, Math.min(hashesAtOnce + 1, poolSize - 1));
  const hashingLane = createConcurrencyLimit({
    concurrency,
    maxQueueLength,
    maxWaitMs,
    frontLength,
    // What is left of the request's time is for the work itself: it shall not end after its answer.
    maxFrontWaitMs: deadlineMs / 2,
    // Behind a database that hangs the processor is idle, and the truth is another one.
    watchHoldUp() {
      const isBusy = watchEventLoop();
      return () => connections.oldestUseMs() >= maxWaitMs / 2 && !isBusy(maxWaitMs, 0.1);
    },
  });
  // As many as the pool has connections lose no time by it, and a session check waits for a few, not for a crowd.
  const otherLane = createConcurrencyLimit({ concurrency: poolSize, maxQueueLength });
  // By itself: most of what comes here asks no database, and waits for nobody whom one holds up.
  const sessionLane = createConcurrencyLimit({ concurrency: poolSize, maxQueueLength });
  const laneOf = (path: string) => {
    if (hashing.has(path)) return hashingLane;
    return path === `${authBasePath}/get-session` ? sessionLane : otherLane;
  };

  return async function admitPassword(path, res, work) {
    const lane = laneOf(path);
    if (lane === hashingLane) await connections.wake();
    const gone = new AbortController();
    const leave = () => gone.abort();
    if (res.closed) leave();
    res.once('close', leave);
    try {
      return await lane.run(work, gone.signal);
    } catch (error) {
      if (!(error instanceof NotAdmittedError)) throw error;
      if (error.isHeldUp) throw new DeadlineError('the database holds up the requests before');
      throw lane === hashingLane
        ? new SignInBusyError(error.message)
        : new ServiceBusyError(error.message);
    } finally {
      res.off('close', leave);
    }
  };
}
