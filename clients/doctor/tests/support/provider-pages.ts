/** An OpenID provider up to its login page: its metadata, and an authorization endpoint that responds as a test says. */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Page {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON. */
  readonly body?: string | object;
}

export interface ProviderPages {
  readonly issuer: string;
  /** The response of its authorization endpoint. */
  authorize: (parameters: URLSearchParams, res: ServerResponse) => Page | undefined;
  /** The responses of other paths. */
  pages: Readonly<Record<string, Page>>;
  /** The URLs that were requested. */
  readonly requested: URL[];
  close(): Promise<void>;
}

export async function startProviderPages(): Promise<ProviderPages> {
  const server = createServer((req, res) => {
    const url = new URL(req.url ?? '/', provider.issuer);
    if (url.pathname === '/.well-known/openid-configuration') {
      send(res, { status: 200, body: metadata(provider.issuer) });
      return;
    }
    provider.requested.push(url);
    const page =
      url.pathname === '/authorize'
        ? provider.authorize(url.searchParams, res)
        : (provider.pages[url.pathname] ?? { status: 404 });
    if (page !== undefined) send(res, page);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const provider: ProviderPages = {
    issuer: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    authorize: () => loginPage,
    pages: {},
    requested: [],
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  return provider;
}

export const loginPage: Page = { status: 200, body: '<title>Sign in</title>' };

function send(res: ServerResponse, { status, headers, body = '' }: Page): void {
  const isText = typeof body === 'string';
  res.writeHead(status, { 'content-type': isText ? 'text/html' : 'application/json', ...headers });
  res.end(isText ? body : JSON.stringify(body));
}

function metadata(issuer: string): object {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
  };
}
