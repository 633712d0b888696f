/**
 * Findings that only a request can show: browsers call another host than `BETTER_AUTH_URL`, or a proxy stands in front
 * and `CLIENT_IP_HEADER` is not set. Each is told once, and a visitor who forges headers makes a handful of lines at most.
 */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import type { Config } from '../config/config.js';
import type { Finding } from '../config/finding.js';
import { clientIpHeaderMissing } from '../config/platform.js';
import type { Logger } from '../log/logger.js';
import { clientAddress } from './client-ip.js';
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
  onFinding: (finding: Finding) => void,
): RequestHandler {
  const knownHosts = new Set(ownOrigins.map((origin) => new URL(origin).host));
  const toldHosts = new Set<string>();
  // Start has told it where the platform is known, and which header it is there.
  let hasToldProxy =
    clientIpHeader !== undefined || findings.some(({ code }) => code === proxyUnnamed.code);

  const findAddress = clientIpHeader === undefined ? undefined : addressFindings(clientIpHeader);

  return function findInRequest(req, res, next) {
    const { headers } = req;
    const tell = ({ level, code, variable, message, fix }: Finding, seen: object = {}) =>
      logger[level](
        { code, variable, fix, ...seen, requestId: requestIdOf(res) },
        `${variable} ${message}`,
      );
    if (!hasToldProxy && headers['x-forwarded-for'] !== undefined) {
      hasToldProxy = true;
      tell(proxyUnnamed);
    }
    const address = findAddress?.(req);
    if (address !== undefined) {
      tell(address);
      onFinding(address);
    }
    const called = calledHost(headers);
    if (called !== undefined && !knownHosts.has(called) && toldHosts.size < mostHosts) {
      if (!toldHosts.has(called)) tell(notCalled, { calledHost: called });
      toldHosts.add(called);
    }
    next();
  };
}

/** So many requests of whatever kind without the header, and none with it, come through no proxy that sets it. */
const enoughWithout = 20;

/**
 * Whether the named header does what it is there for: each finding once. A server of one's own may call past the
 * proxy, so one request without the header is nothing; a browser, or a password, came through what is in front.
 */
function addressFindings(header: string): (req: IncomingMessage) => Finding | undefined {
  let [hasCome, isTold, isUnreadableTold, without] = [false, false, false, 0];
  return function findInAddress(req) {
    const { method, headers } = req;
    if (clientAddress(req, header).from === header) hasCome = true;
    else if (headers[header] !== undefined) {
      if (isUnreadableTold) return undefined;
      isUnreadableTold = true;
      return headerWithoutAddress(header);
    } else if (!hasCome && !isTold) {
      without += 1;
      const isVisitor =
        method === 'POST' || headers.origin !== undefined || 'sec-fetch-site' in headers;
      if (!isVisitor && without < enoughWithout) return undefined;
      isTold = true;
      return headerNeverComes(header);
    }
    return undefined;
  };
}

const oneForAll = 'all visitors behind the proxy share one rate limit';

const headerNeverComes = (header: string): Finding => ({
  level: 'warn',
  code: 'CLIENT_IP_HEADER_NEVER_COMES',
  variable: 'CLIENT_IP_HEADER',
  message: `names ${header}, which no request has carried so far: ${oneForAll}`,
  fix: 'name the header that your proxy sets, or let it set this one; with no proxy in front take the variable out',
});

const headerWithoutAddress = (header: string): Finding => ({
  level: 'warn',
  code: 'CLIENT_IP_HEADER_WITHOUT_ADDRESS',
  variable: 'CLIENT_IP_HEADER',
  message: `names ${header}, which came without an address at its end: ${oneForAll}`,
  fix: 'let the proxy write the address, with or without a port, as the last entry; or name the header in which it does',
});

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
