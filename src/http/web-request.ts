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

/** An IPv6 address; the name of a zone after it may be as long as a header. */
const longestAddress = 45;

/** What is stored of a user agent, in characters. */
const longestAgent = 512;

/** It is written down with the session, and shown in the user's list of them. */
function storable(agent: string): string {
  return agent
    .slice(0, longestAgent)
    .replace(/\p{Cc}/gu, ' ')
    .trim();
}

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
  headers.set(clientIpHeader, clientIp(req, ipHeader).slice(0, longestAddress));
  const agent = req.headers['user-agent'];
  if (agent !== undefined) headers.set('user-agent', storable(agent));
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
