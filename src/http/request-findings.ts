/**
 * Findings that only a request can show: browsers call another host than `BETTER_AUTH_URL`, or a proxy stands in front
 * and `CLIENT_IP_HEADER` is not set. Each is told once, and a visitor who forges headers makes a handful of lines at most.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { RequestHandler } from 'express';
import type { Config } from '../config/config.js';
import type { Finding } from '../config/finding.js';
import { clientIpHeaderMissing } from '../config/platform.js';
import type { Logger } from '../log/logger.js';
import { requestIdOf } from './request-id.js';

/** A deployment has a few names; whatever comes beyond is a scanner's. */
const mostHosts = 5;

export function requestFindings(
  { trustedOrigins, clientIpHeader }: Pick<Config, 'trustedOrigins' | 'clientIpHeader'>,
  logger: Logger,
): RequestHandler {
  // The service's own origin is one of them, and so are those of a preview on Vercel, which has two.
  const knownHosts = new Set(trustedOrigins.map((origin) => new URL(origin).host));
  const toldHosts = new Set<string>();
  let hasToldProxy = clientIpHeader !== undefined;

  return function findInRequest({ headers }, res, next) {
    const tell = ({ level, code, variable, message, fix }: Finding, seen: object = {}) =>
      logger[level](
        { code, variable, fix, ...seen, requestId: requestIdOf(res) },
        `${variable} ${message}`,
      );
    if (!hasToldProxy && headers['x-forwarded-for'] !== undefined) {
      hasToldProxy = true;
      tell(clientIpHeaderMissing('gets X-Forwarded-For, as from a proxy', 'x-forwarded-for'));
    }
    const called = calledHost(headers);
    if (called !== undefined && !knownHosts.has(called) && toldHosts.size < mostHosts) {
      if (!toldHosts.has(called)) tell(notCalled, { calledHost: called });
      toldHosts.add(called);
    }
    next();
  };
}

/** Of a browser alone: a server in the same network may well call this service by an inner name. */
function calledHost(headers: IncomingHttpHeaders): string | undefined {
  const { host = '', origin, 'sec-fetch-site': site } = headers;
  if (origin === undefined && site === undefined) return undefined;
  if (!/^(?:[a-z0-9.-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/i.test(host)) return undefined;
  return host.toLowerCase().replace(/:(?:80|443)$/, '');
}

const notCalled: Finding = {
  level: 'warn',
  code: 'BASE_URL_NOT_CALLED',
  variable: 'BETTER_AUTH_URL',
  message: 'is not the host that a browser called: cookies and their names belong to one host',
  fix: 'call the service by that URL, or set it to the host that browsers call; a proxy in front should pass Host on',
};
