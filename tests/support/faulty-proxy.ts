/** A reverse proxy in front of the service, over http or https, that makes the faults real proxies make. */
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

interface Faults {
  /** Answers instead of the service. @returns whether it did */
  readonly answer?: (req: IncomingMessage, res: ServerResponse) => boolean;
  /** Changes the request's headers in place. */
  readonly request?: (headers: IncomingHttpHeaders, req: IncomingMessage) => void;
  /** Changes the answer's headers in place. */
  readonly response?: (headers: OutgoingHttpHeaders, req: IncomingMessage) => void;
}

export interface FaultyProxy {
  /** Without a fault it passes everything on unchanged. */
  readonly url: string;
  readonly port: number;
  /** Where it passes requests on to. */
  target: string;
  faults: Faults;
  close(): Promise<void>;
}

export interface Certificate {
  readonly private: string;
  readonly cert: string;
}

/** @param options.host the name in `url`; it must lead to this machine */
export async function createFaultyProxy(
  options: { certificate?: Certificate; host?: string } = {},
): Promise<FaultyProxy> {
  const { certificate, host = '127.0.0.1' } = options;
  const handle = (req: IncomingMessage, res: ServerResponse) => {
    if (proxy.faults.answer?.(req, res) === true) return;
    const headers = { ...req.headers };
    proxy.faults.request?.(headers, req);
    const onward = httpRequest(
      proxy.target + (req.url ?? ''),
      { method: req.method, headers, agent: false },
      (answer) => {
        const returned: OutgoingHttpHeaders = { ...answer.headers };
        proxy.faults.response?.(returned, req);
        res.writeHead(answer.statusCode ?? 502, returned);
        answer.pipe(res);
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
