/** Express's request → the web-standard Request that BetterAuth takes, with nothing in it a visitor may forge. */
import type { Request as ExpressRequest } from 'express';
import { clientIpHeader } from '../auth/auth-names.js';
import type { Config } from '../config/config.js';
import type { Resigned } from '../session/resign-credentials.js';
import { clientIp } from './client-ip.js';

/**
 * Dropped: what proxies write and BetterAuth might believe, what describes the body before it was read, and what a
 * visitor sends under the name of our own address header.
 */
const droppedHeaders =
  /^(?:x-forwarded-.*|forwarded|x-real-ip|content-encoding|content-length|transfer-encoding|connection|x-auth-service-.*)$/;

/**
 * @param config its `baseUrl` decides scheme and host: the Host and X-Forwarded-Proto headers do not
 * @param resigned headers that take the place of the request's
 */
export function toWebRequest(
  req: ExpressRequest,
  { baseUrl, clientIpHeader: ipHeader }: Config,
  resigned: Resigned['headers'],
): Request {
  // A request may name any host, even an impossible one, before its path (RFC 9112 3.2.2): only path and query count.
  const queryAt = req.originalUrl.indexOf('?');
  const query = queryAt === -1 ? '' : req.originalUrl.slice(queryAt);
  const headers = new Headers();
  for (const [name, value] of Object.entries(req.headers)) {
    if (value === undefined || droppedHeaders.test(name)) continue;
    for (const line of [value].flat()) headers.append(name, line);
  }
  headers.set(clientIpHeader, clientIp(req, ipHeader));
  for (const [name, value] of Object.entries(resigned) as [string, string][]) {
    headers.set(name, value);
  }
  const body: unknown = req.body;
  const hasBody = Buffer.isBuffer(body) && body.length > 0 && req.method !== 'GET';
  return new Request(baseUrl + req.path + query, {
    method: req.method,
    headers,
    ...(hasBody && { body: new Uint8Array(body) }),
  });
}
