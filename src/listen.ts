/** Serves on a port until a signal; then answers what is in flight, closes the database and ends. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from './log/logger.js';

export interface RunningServer {
  readonly port: number;
  /** Stops accepting, waits for the requests in flight, and settles when the last connection is closed. */
  stop(): Promise<void>;
}

/** A request that has not arrived whole by then is cut off; no handler works longer than its deadline. */
const requestTimeoutMs = 30_000;

/**
 * @param port 0 picks a free one
 * @throws the system's error, EADDRINUSE for instance, when it cannot listen
 */
export async function listen(app: RequestListener, port: number): Promise<RunningServer> {
  const server = createServer({ requestTimeout: requestTimeoutMs }, app);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, resolve);
  });
  return { port: (server.address() as AddressInfo).port, stop: () => drain(server) };
}

async function drain(server: Server): Promise<void> {
  // Keep-alive connections become idle one by one as their last request is answered.
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  await new Promise<void>((resolve) => server.close(() => resolve()));
  clearInterval(sweep);
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
        process.exit(0);
      },
      (err: unknown) => {
        logger.error({ err }, 'could not stop cleanly');
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
}
