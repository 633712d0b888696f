/** Converts Express's request into the web-standard Request that BetterAuth takes, without headers that a client can forge. */
import type { Request as ExpressRequest } from 'express';
import { clientIpHeader } from '../auth/auth-constants.js';
import type { Config } from '../config/config.js';
import type { ReplacedHeaders } from '../session/sign-with-current-secret.js';
import { clientIp } from './client-ip.js';

/**
 * Dropped: proxy headers that BetterAuth might trust, headers that describe the unparsed body, and a client's value for
 * our internal address header.
 */
const droppedHeaders =
  /^(?:x-forwarded-.*|forwarded|x-real-ip|content-encoding|content-length|transfer-encoding|connection|x-auth-service-.*)$/;

/** The length of an IPv6 address; a zone after it may be as long as a header. */
const maxAddressLength = 45;

/** The stored part of a user agent, in characters. */
const maxAgentLength = 512;

/** The user agent is stored with the session and shown in the user's list of sessions. */
function storable(agent: string): string {
  return agent
    .slice(0, maxAgentLength)
    .replace(/\p{Cc}/gu, ' ')
    .trim();
}

/**
 * @param config its `baseUrl` decides scheme and host: the Host and X-Forwarded-Proto headers do not
 * @param replacedHeaders replacements for the request's headers
 */
export function toWebRequest(
  req: ExpressRequest,
  { baseUrl, clientIpHeader: ipHeader }: Config,
  replacedHeaders: ReplacedHeaders['headers'],
): Request {
  // A request target may have any host before its path (RFC 9112 3.2.2): use only path and query.
  const queryAt = req.originalUrl.indexOf('?');
  const query = queryAt === -1 ? '' : req.originalUrl.slice(queryAt);
  const headers = new Headers();
  for (const [name, value] of Object.entries(req.headers)) {
    if (value === undefined || droppedHeaders.test(name)) continue;
    for (const line of [value].flat()) headers.append(name, line);
  }
  headers.set(clientIpHeader, clientIp(req, ipHeader).slice(0, maxAddressLength));
  const agent = req.headers['user-agent'];
  if (agent !== undefined) headers.set('user-agent', storable(agent));
  for (const [name, value] of Object.entries(replacedHeaders) as [string, string][]) {
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
