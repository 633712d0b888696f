/** Listens on an address; stops gracefully after answering requests in flight. */
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isTooLarge, maxBodyBytes } from './http/request-body.js';
import type { ServerClasses } from './http/server-classes.js';

export interface RunningServer {
  readonly port: number;
  /**
   * Stops accepting connections, waits for requests in flight, and resolves when the last connection is closed.
   * @returns how many requests were aborted without a response
   */
  stop(): Promise<number>;
}

/** Cannot listen on the address; `variable` configures it. */
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

/** Time to receive a complete request, after which the connection is closed. */
const requestTimeoutMs = 30_000;

/** Longer than the 60 s of common proxies: if this side closed first, the proxy would answer 502. */
const keepAliveTimeout = 65_000;

/** Handlers end within their deadline of ten seconds; after that, a client is not reading its response. */
const drainTimeoutMs = 15_000;

/**
 * @param port 0 selects a free port
 * @param host an address or host name of this machine; by default all addresses
 * @throws ListenError, or the system's error for other reasons
 */
export async function listen(
  app: RequestListener & Partial<ServerClasses>,
  port: number,
  host?: string,
): Promise<RunningServer> {
  const { IncomingMessage, ServerResponse } = app;
  const server = createServer(
    { requestTimeout: requestTimeoutMs, keepAliveTimeout, IncomingMessage, ServerResponse },
    app,
  );
  // Rejects a body that is too large before it is sent; by default Node sends 100 Continue for any.
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

/** Announces it in the response, so that the client sends no further request on a connection about to close. */
function closeAfterwards(res: ServerResponse): void {
  if (!res.headersSent) res.setHeader('connection', 'close');
}

async function drain(server: Server, inFlight: ReadonlySet<ServerResponse>): Promise<number> {
  let aborted = 0;
  const sweep = setInterval(() => {
    // Keep-alive connections become idle one by one; one that never sent a request would stay open forever.
    if (inFlight.size > 0) server.closeIdleConnections();
    else server.closeAllConnections();
  }, 50);
  // Node does not enforce request timeouts while the server is closing.
  const giveUp = setTimeout(() => {
    aborted = inFlight.size;
    server.closeAllConnections();
  }, drainTimeoutMs);
  await new Promise<void>((resolve) => server.close(() => resolve()));
  clearInterval(sweep);
  clearTimeout(giveUp);
  return aborted;
}

/** Names the variable whose value the system rejected; returns other errors unchanged. */
function explain(error: NodeJS.ErrnoException, port: number): Error {
  const listenError = (variable: 'HOST' | 'PORT', message: string) =>
    new ListenError(variable, message, error);
  switch (error.code) {
    case 'EADDRINUSE':
      return listenError(
        'PORT',
        `port ${port} is in use: stop the process that uses it, or set PORT`,
      );
    case 'EACCES':
      return listenError(
        'PORT',
        `port ${port} requires privileges that this account lacks: set PORT to 1024 or higher`,
      );
    case 'EADDRNOTAVAIL':
    case 'EAFNOSUPPORT':
    case 'EINVAL':
      return listenError(
        'HOST',
        'HOST is not an address of this machine: set it to one, or remove it to listen on all',
      );
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_FAIL':
      return listenError(
        'HOST',
        'HOST is a name that does not resolve: set it to an address of this machine',
      );
    default:
      return error;
  }
}
