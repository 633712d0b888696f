/** A reverse proxy over http or https that can behave like a misconfigured one. */
import { once } from 'node:events';
import {
  createServer as createHttpServer,
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Certificate } from '../../../../tests/support/certificate.js';

interface Faults {
  /** Responds instead of the service. @returns whether it did */
  readonly respond?: (req: IncomingMessage, res: ServerResponse) => boolean;
  /** Changes the request's headers in place. */
  readonly request?: (headers: IncomingHttpHeaders, req: IncomingMessage) => void;
  /** Changes the response's headers in place. */
  readonly response?: (headers: OutgoingHttpHeaders, req: IncomingMessage) => void;
}

export interface FaultyProxy {
  /** Without faults it forwards everything unchanged. */
  readonly url: string;
  readonly port: number;
  /** The URL that it forwards requests to. */
  target: string;
  faults: Faults;
  close(): Promise<void>;
}

/** @param options.host the name in `url`, which clients must resolve to this machine */
export async function createFaultyProxy(
  options: { certificate?: Certificate; host?: string } = {},
): Promise<FaultyProxy> {
  const { certificate, host = '127.0.0.1' } = options;
  const handle = (req: IncomingMessage, res: ServerResponse) => {
    if (proxy.faults.respond?.(req, res) === true) return;
    const headers = { ...req.headers };
    proxy.faults.request?.(headers, req);
    const onward = httpRequest(
      proxy.target + (req.url ?? ''),
      { method: req.method, headers, agent: false },
      (response) => {
        const returned: OutgoingHttpHeaders = { ...response.headers };
        proxy.faults.response?.(returned, req);
        res.writeHead(response.statusCode ?? 502, returned);
        response.pipe(res);
      },
    );
    onward.on('error', () => res.writeHead(502).end());
    req.pipe(onward);
  };
  const server = certificate
    ? createHttpsServer({ key: certificate.private, cert: certificate.cert }, handle)
    : createHttpServer(handle);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const proxy: FaultyProxy = {
    url: `${certificate ? 'https' : 'http'}://${host}:${port}`,
    port,
    target: '',
    faults: {},
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  return proxy;
}
