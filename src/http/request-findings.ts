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
  {
    ownOrigins,
    clientIpHeader,
    findings,
  }: Pick<Config, 'ownOrigins' | 'clientIpHeader' | 'findings'>,
  logger: Logger,
): RequestHandler {
  const knownHosts = new Set(ownOrigins.map((origin) => new URL(origin).host));
  const toldHosts = new Set<string>();
  // Start has told it where the platform is known, and which header it is there.
  let hasToldProxy =
    clientIpHeader !== undefined || findings.some(({ code }) => code === proxyUnnamed.code);

  return function findInRequest({ headers }, res, next) {
    const tell = ({ level, code, variable, message, fix }: Finding, seen: object = {}) =>
      logger[level](
        { code, variable, fix, ...seen, requestId: requestIdOf(res) },
        `${variable} ${message}`,
      );
    if (!hasToldProxy && headers['x-forwarded-for'] !== undefined) {
      hasToldProxy = true;
      tell(proxyUnnamed);
    }
    const called = calledHost(headers);
    if (called !== undefined && !knownHosts.has(called) && toldHosts.size < mostHosts) {
      if (!toldHosts.has(called)) tell(notCalled, { calledHost: called });
      toldHosts.add(called);
    }
    next();
  };
}

/**
 * Of a browser alone: a server in the same network may well call this service by an inner name. So may a proxy, which
 * then tells the browser's; who forges that hides nothing but this finding about the own request.
 */
function calledHost(headers: IncomingHttpHeaders): string | undefined {
  const { origin, 'sec-fetch-site': site } = headers;
  if (origin === undefined && site === undefined) return undefined;
  const [host = ''] = [headers['x-forwarded-host'] ?? headers.host].flat();
  if (!/^(?:[a-z0-9.-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/i.test(host)) return undefined;
  return host.toLowerCase().replace(/:(?:80|443)$/, '');
}

/** A visitor can send that header too, so it is evidence of nothing where no proxy stands. */
const proxyUnnamed: Finding = {
  ...clientIpHeaderMissing('gets X-Forwarded-For, as from a proxy', 'x-forwarded-for'),
  fix: 'behind a proxy: set it to the header that the proxy overwrites or appends to, like x-forwarded-for; with none in front leave it, because whoever calls could then write the address',
};

const notCalled: Finding = {
  level: 'warn',
  code: 'BASE_URL_NOT_CALLED',
  variable: 'BETTER_AUTH_URL',
  message: 'is not the host that a browser called: cookies and their names belong to one host',
  fix: 'call the service by that URL, or set it to the host that browsers call; a proxy in front should pass Host or X-Forwarded-Host on',
};
