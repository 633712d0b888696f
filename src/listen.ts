/** Serves on an address; stops by answering what is in flight. */
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isTooLarge, maxBodyBytes } from './http/request-body.js';

export interface RunningServer {
  readonly port: number;
  /**
   * Stops accepting, waits for the requests in flight, and settles when the last connection is closed.
   * @returns how many requests were cut off unanswered
   */
  stop(): Promise<number>;
}

/** The address cannot be listened on; `variable` chooses another. */
export class ListenError extends Error {
  override readonly name = 'ListenError';

  constructor(
    readonly variable: 'HOST' | 'PORT',
    message: string,
    cause: unknown,
  ) {
    super(message, { cause });
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
 * @param host an address of this machine or a name for one; all of them where not given
 * @throws ListenError, or the system's error when it cannot listen for another reason
 */
export async function listen(
  app: RequestListener,
  port: number,
  host?: string,
): Promise<RunningServer> {
  const server = createServer({ requestTimeout: requestTimeoutMs, keepAliveTimeout }, app);
  // A body that is too large is refused before it is sent; Node would ask for each.
  server.on('checkContinue', (req, res) => {
    if (!isTooLarge(req, maxBodyBytes)) res.writeContinue();
    server.emit('request', req, res);
  });
  const inFlight = new Set<ServerResponse>();
  let isStopping = false;
  server.prependListener('request', (_req, res) => {
    inFlight.add(res);
    res.once('close', () => inFlight.delete(res));
    if (isStopping) closeAfterwards(res);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(explain(error, port)));
    server.listen({ port, ...(host !== undefined && { host }) }, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    stop() {
      isStopping = true;
      for (const res of inFlight) closeAfterwards(res);
      return drain(server, inFlight);
    },
  };
}

/** Says so in the answer, so that the caller sends no further request into a connection that is about to close. */
function closeAfterwards(res: ServerResponse): void {
  if (!res.headersSent) res.setHeader('connection', 'close');
}

async function drain(server: Server, inFlight: ReadonlySet<ServerResponse>): Promise<number> {
  let cut = 0;
  const sweep = setInterval(() => {
    // Keep-alive connections become idle one by one; one that never sent a request would stay for ever.
    if (inFlight.size > 0) server.closeIdleConnections();
    else server.closeAllConnections();
  }, 50);
  // Node no longer holds requests to their timeout once the server is closing.
  const giveUp = setTimeout(() => {
    cut = inFlight.size;
    server.closeAllConnections();
  }, drainTimeoutMs);
  await new Promise<void>((resolve) => server.close(() => resolve()));
  clearInterval(sweep);
  clearTimeout(giveUp);
  return cut;
}

/** The variable whose value the system refused, and why; any other error as it is. */
function explain(error: NodeJS.ErrnoException, port: number): Error {
  const because = (variable: 'HOST' | 'PORT', message: string) =>
    new ListenError(variable, message, error);
  switch (error.code) {
    case 'EADDRINUSE':
      return because('PORT', `port ${port} is taken: stop what uses it, or set PORT`);
    case 'EACCES':
      return because(
        'PORT',
        `port ${port} needs rights that this account lacks: set PORT to 1024 or more`,
      );
    case 'EADDRNOTAVAIL':
    case 'EAFNOSUPPORT':
    case 'EINVAL':
      return because(
        'HOST',
        'HOST is no address of this machine: set it to one, or take it out to listen on all',
      );
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_FAIL':
      return because(
        'HOST',
        'HOST is a name that leads to no address: set it to an address of this machine',
      );
    default:
      return error;
  }
}
