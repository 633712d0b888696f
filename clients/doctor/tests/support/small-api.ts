/** An API that checks sessions at the service, correctly or not. Its header limit is that of Python servers. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Reply {
  readonly status: number;
  readonly body?: unknown;
}

export interface ApiBehaviour {
  /** The Cookie header that it forwards. */
  readonly forward?: (cookie: string | undefined) => string | undefined;
  /** Verifies JSON Web Tokens without calling the service. */
  readonly byToken?: (authorization: string | undefined) => Reply;
  /** Its CORS headers for a page's origin; correct ones by default. */
  readonly cors?: (origin: string) => Record<string, string>;
  /** Its response for the service's response. */
  readonly reply?: (status: number, body: unknown) => Reply;
}

export interface SmallApi {
  readonly url: string;
  behaviour: ApiBehaviour;
  close(): Promise<void>;
}

function allowed(origin: string): Record<string, string> {
  return { 'access-control-allow-origin': origin, 'access-control-allow-credentials': 'true' };
}

function unchanged(cookie: string | undefined): string | undefined {
  return cookie;
}

/** As clients/fastapi does: only 200 and 401 are answers. */
function correctReply(status: number, body: unknown): Reply {
  return status === 200 || status === 401 ? { status, body } : { status: 503 };
}

/** @param serviceUrl where it checks sessions */
export async function startSmallApi(serviceUrl: string): Promise<SmallApi> {
  const server = createServer({ maxHeaderSize: 64 * 1024 }, (req, res) => {
    const { forward = unchanged, reply = correctReply, byToken, cors = allowed } = api.behaviour;
    const { origin } = req.headers;
    const headers = { 'content-type': 'application/json', ...(origin && cors(origin)) };
    if (byToken) {
      const { status, body = {} } = byToken(req.headers.authorization);
      res.writeHead(status, headers).end(JSON.stringify(body));
      return;
    }
    const cookie = forward(req.headers.cookie);
    const respond = async () => {
      const checked = await fetch(`${serviceUrl}/session`, {
        headers: { ...(cookie && { cookie }) },
      });
      const body: unknown = await checked.json().catch(() => undefined);
      const replied = reply(checked.status, body);
      res.writeHead(replied.status, headers);
      res.end(JSON.stringify(replied.body ?? {}));
    };
    respond().catch(() => res.writeHead(503).end('{}'));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const api: SmallApi = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/me`,
    behaviour: {},
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  return api;
}
