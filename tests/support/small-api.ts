/** An API that asks the service who is calling, well or badly. Reads headers as long as Python servers do. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Reply {
  readonly status: number;
  readonly body?: unknown;
}

export interface ApiHabits {
  /** What it forwards of the visitor's cookies. */
  readonly forward?: (cookie: string | undefined) => string | undefined;
  /** Answers by itself, without asking the service, as one that takes JSON Web Tokens does. */
  readonly byToken?: (authorization: string | undefined) => Reply;
  /** Its CORS for a page's origin; what a browser wants where not given. */
  readonly cors?: (origin: string) => Record<string, string>;
  /** What it makes of the service's answer. */
  readonly reply?: (status: number, body: unknown) => Reply;
}

export interface SmallApi {
  readonly url: string;
  habits: ApiHabits;
  close(): Promise<void>;
}

function allowed(origin: string): Record<string, string> {
  return { 'access-control-allow-origin': origin, 'access-control-allow-credentials': 'true' };
}

function unchanged(cookie: string | undefined): string | undefined {
  return cookie;
}

/** As clients/fastapi does it: 200 and 401 are answers, everything else is none. */
function soundReply(status: number, body: unknown): Reply {
  return status === 200 || status === 401 ? { status, body } : { status: 503 };
}

/** @param serviceUrl where it asks */
export async function startSmallApi(serviceUrl: string): Promise<SmallApi> {
  const server = createServer({ maxHeaderSize: 64 * 1024 }, (req, res) => {
    const { forward = unchanged, reply = soundReply, byToken, cors = allowed } = api.habits;
    const { origin } = req.headers;
    const headers = { 'content-type': 'application/json', ...(origin && cors(origin)) };
    if (byToken) {
      const { status, body = {} } = byToken(req.headers.authorization);
      res.writeHead(status, headers).end(JSON.stringify(body));
      return;
    }
    const cookie = forward(req.headers.cookie);
    const answer = async () => {
      const asked = await fetch(`${serviceUrl}/session`, {
        headers: { ...(cookie && { cookie }) },
      });
      const body: unknown = await asked.json().catch(() => undefined);
      const replied = reply(asked.status, body);
      res.writeHead(replied.status, headers);
      res.end(JSON.stringify(replied.body ?? {}));
    };
    answer().catch(() => res.writeHead(503).end('{}'));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const api: SmallApi = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/me`,
    habits: {},
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  return api;
}
