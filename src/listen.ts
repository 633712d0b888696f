/** Serves on a port until a signal; then answers what is in flight, closes the database and ends. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isTooLarge, maxBodyBytes } from './http/request-body.js';
import { exitWhenWritten } from './log/exit.js';
import type { Logger } from './log/logger.js';

export interface RunningServer {
  readonly port: number;
  /** Stops accepting, waits for the requests in flight, and settles when the last connection is closed. */
  stop(): Promise<void>;
}

/** Somebody else listens there. */
export class PortTakenError extends Error {
  override readonly name = 'PortTakenError';

  constructor(port: number) {
    super(`port ${port} is taken: stop what uses it, or set PORT`);
  }
}

/** A request that has not arrived whole by then is cut off; no handler works longer than its deadline. */
const requestTimeoutMs = 30_000;

/** Longer than the 60 s of common proxies: the side that closes first must not be ours, or the proxy answers 502. */
const keepAliveTimeout = 65_000;

/** No handler works longer than its deadline of ten seconds; what lasts longer is a caller that does not read. */
const drainTimeoutMs = 15_000;

/**
 * @param port 0 picks a free one
 * @throws PortTakenError, or the system's error when it cannot listen for another reason
 */
export async function listen(app: RequestListener, port: number): Promise<RunningServer> {
  const server = createServer({ requestTimeout: requestTimeoutMs, keepAliveTimeout }, app);
  let inFlight = 0;
  // A body that is too large is refused before it is sent; Node would ask for each.
  server.on('checkContinue', (req, res) => {
    if (!isTooLarge(req, maxBodyBytes)) res.writeContinue();
    server.emit('request', req, res);
  });
  server.on('request', (_req, res) => {
    inFlight += 1;
    res.once('close', () => (inFlight -= 1));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? new PortTakenError(port) : error);
    });
    server.listen(port, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    stop: () => drain(server, () => inFlight > 0),
  };
}

async function drain(server: Server, isBusy: () => boolean): Promise<void> {
  const sweep = setInterval(() => {
    // Keep-alive connections become idle one by one; one that never sent a request would stay for ever.
    if (isBusy()) server.closeIdleConnections();
    else server.closeAllConnections();
  }, 50);
  // Node no longer holds requests to their timeout once the server is closing.
  const giveUp = setTimeout(() => server.closeAllConnections(), drainTimeoutMs);
  await new Promise<void>((resolve) => server.close(() => resolve()));
  clearInterval(sweep);
  clearTimeout(giveUp);
}

/** Calls `stop` at the first SIGINT, SIGTERM or SIGHUP and ends the process: with 0, or with 1 when it failed. */
export function stopOnSignal(stop: () => Promise<void>, logger: Logger): void {
  let isStopping = false;
  const onSignal = (signal: NodeJS.Signals) => {
    if (isStopping) return;
    isStopping = true;
    logger.info({ signal }, 'stopping: answering what is in flight');
    stop().then(
      () => {
        logger.info('stopped');
        exitWhenWritten(logger, 0);
      },
      (err: unknown) => {
        logger.error({ err }, 'could not stop cleanly');
        exitWhenWritten(logger, 1);
      },
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
}
