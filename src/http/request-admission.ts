/**
 * Limits how many requests BetterAuth handles concurrently, with a separate queue for those that hash a password. A
 * sign-in takes as much time of the event loop before and after its hash as the hash takes of another thread, so whole
 * requests are queued, not just their hashes. The others take a few milliseconds each: 256 started together would block
 * the event loop until all of them are done.
 */
import type { Response as ExpressResponse } from 'express';
import { authBasePath, getSessionPath, passwordEndpoints } from '../auth/auth-constants.js';
import { createConcurrencyLimit, hashesAtOnce, NotAdmittedError } from '../concurrency-limit.js';
import { ServiceBusyError, watchEventLoop } from '../event-loop.js';
import { TimeoutError } from './with-timeout.js';

/** Bounds memory: each queued body has up to 100 kB. */
const maxQueueLength = 500;

/** Rejects within a second, except for requests at the front of the queue. */
const maxWaitMs = 600;

/** This many concurrent sign-ins are all admitted, even on a slow machine. */
const frontLength = 32;

export interface RequestAdmissionOptions {
  /** Size of the connection pool: sign-ins leave at least one connection free if there are several. */
  readonly poolSize: number;
  readonly connections: {
    /** How long the oldest connection still in use has been in use, in milliseconds. */
    readonly oldestUseMs: () => number;
    /** Resolves when a connection is available: time spent waking a suspended database does not count as load. */
    readonly wake: () => Promise<void>;
  };
  /** The maximum time a request waits for the database, in milliseconds. */
  readonly deadlineMs: number;
}

/** Too many requests hash passwords. */
export class SignInBusyError extends Error {
  override readonly name = 'SignInBusyError';
}

/**
 * Runs the handler of a request to this path when its turn comes.
 * @throws SignInBusyError, ServiceBusyError, TimeoutError, errors of the pool and of the work
 */
export type AdmitRequest = <T>(
  path: string,
  res: ExpressResponse,
  work: () => Promise<T>,
) => Promise<T>;

const hashing = new Set(passwordEndpoints.map((path) => authBasePath + path));

export function createRequestAdmission(options: RequestAdmissionOptions): AdmitRequest {
  const { poolSize, connections, deadlineMs } = options;
  // Two more than concurrent hashes: while one is looked up and another one answered, the next hash is ready to start.
  const concurrency = Math.max(1, Math.min(hashesAtOnce + 2, poolSize - 1));
  const hashingQueue = createConcurrencyLimit({
    concurrency,
    maxQueueLength,
    maxWaitMs,
    frontLength,
    // The rest of the request's time is for the work itself, which should not outlast the response.
    maxFrontWaitMs: deadlineMs / 2,
    // If the database hangs, the CPU is idle: the error must then name the database.
    watchHoldUp() {
      const isBusy = watchEventLoop();
      return () => connections.oldestUseMs() >= maxWaitMs / 2 && !isBusy(maxWaitMs, 0.1);
    },
  });
  // A limit of the pool's size costs no throughput, and a session check waits for a few requests only.
  const otherQueue = createConcurrencyLimit({ concurrency: poolSize, maxQueueLength });
  // Separate, because most get-session requests need no query and must not wait for those that do.
  const sessionQueue = createConcurrencyLimit({ concurrency: poolSize, maxQueueLength });
  const queueFor = (path: string) => {
    if (hashing.has(path)) return hashingQueue;
    return path === getSessionPath ? sessionQueue : otherQueue;
  };

  return async function admitRequest(path, res, work) {
    const queue = queueFor(path);
    if (queue === hashingQueue) await connections.wake();
    const disconnected = new AbortController();
    const abort = () => disconnected.abort();
    if (res.closed) abort();
    res.once('close', abort);
    try {
      return await queue.run(work, disconnected.signal);
    } catch (error) {
      if (!(error instanceof NotAdmittedError)) throw error;
      if (error.isHeldUp) throw new TimeoutError('the database blocks earlier requests');
      throw queue === hashingQueue
        ? new SignInBusyError(error.message)
        : new ServiceBusyError(error.message);
    } finally {
      res.off('close', abort);
    }
  };
}
