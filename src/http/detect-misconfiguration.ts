/**
 * Detects misconfiguration that only requests can reveal: browsers call another host than `BETTER_AUTH_URL`, or there is a
 * proxy and `CLIENT_IP_HEADER` is not set. Each is logged once, so forged headers cause a handful of lines at most.
 */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Config } from '../config/config.js';
import type { Finding } from '../config/finding.js';
import { clientIpHeaderMissing } from '../config/platform.js';
import type { Logger } from '../log/logger.js';
import { clientAddress } from './client-ip.js';
import type { Middleware } from './middleware.js';
import { requestIdOf } from './request-id.js';

/** A deployment has a few host names; more of them come from scanners. */
const maxReportedHosts = 5;

export function detectMisconfiguration(
  {
    ownOrigins,
    clientIpHeader,
    findings,
  }: Pick<Config, 'ownOrigins' | 'clientIpHeader' | 'findings'>,
  logger: Logger,
  onFinding: (finding: Finding) => void,
): Middleware {
  const knownHosts = new Set(ownOrigins.map((origin) => new URL(origin).host));
  const reportedHosts = new Set<string>();
  // Already reported at startup on a known platform, with the name of its header.
  let isProxyReported =
    clientIpHeader !== undefined || findings.some(({ code }) => code === clientIpHeaderUnset.code);

  const findAddress = clientIpHeader === undefined ? undefined : addressFindings(clientIpHeader);

  return function detectFromRequest(req, res, next) {
    const { headers } = req;
    const log = ({ level, code, variable, message, fix }: Finding, evidence: object = {}) =>
      logger[level](
        { code, variable, fix, ...evidence, requestId: requestIdOf(res) },
        `${variable} ${message}`,
      );
    if (!isProxyReported && headers['x-forwarded-for'] !== undefined) {
      isProxyReported = true;
      log(clientIpHeaderUnset);
    }
    const address = findAddress?.(req);
    if (address !== undefined) {
      log(address);
      onFinding(address);
    }
    const called = calledHost(headers);
    if (called !== undefined && !knownHosts.has(called) && reportedHosts.size < maxReportedHosts) {
      if (!reportedHosts.has(called)) log(baseUrlMismatch, { calledHost: called });
      reportedHosts.add(called);
    }
    next();
  };
}

/** After this many requests without the header and none with it, there is no proxy that sets it. */
const enoughWithout = 20;

/**
 * Checks that requests carry the configured header with an address; returns each finding once. The operator's own servers
 * may bypass the proxy, so one request without the header proves nothing; a browser's request came through the proxy.
 */
function addressFindings(header: string): (req: IncomingMessage) => Finding | undefined {
  let [hasSeenHeader, isMissingReported, isUnreadableReported, without] = [false, false, false, 0];
  return function checkAddress(req) {
    const { method, headers } = req;
    if (clientAddress(req, header).from === header) hasSeenHeader = true;
    else if (headers[header] !== undefined) {
      if (isUnreadableReported) return undefined;
      isUnreadableReported = true;
      return headerWithoutAddress(header);
    } else if (!hasSeenHeader && !isMissingReported) {
      without += 1;
      const isFromVisitor =
        method === 'POST' || headers.origin !== undefined || 'sec-fetch-site' in headers;
      if (!isFromVisitor && without < enoughWithout) return undefined;
      isMissingReported = true;
      return headerNeverSent(header);
    }
    return undefined;
  };
}

const sharedLimit = 'all clients behind the proxy share one rate limit';

const headerNeverSent = (header: string): Finding => ({
  level: 'warn',
  code: 'CLIENT_IP_HEADER_NEVER_COMES',
  variable: 'CLIENT_IP_HEADER',
  message: `names ${header}, which no request has had so far: ${sharedLimit}`,
  fix: 'name the header that your proxy sets, or make it set this one; without a proxy remove the variable',
});

const headerWithoutAddress = (header: string): Finding => ({
  level: 'warn',
  code: 'CLIENT_IP_HEADER_WITHOUT_ADDRESS',
  variable: 'CLIENT_IP_HEADER',
  message: `names ${header}, whose last entry was not an address: ${sharedLimit}`,
  fix: 'make the proxy write the address, with or without a port, as the last entry; or name the header in which it does',
});

/**
 * Only for browsers: a server in the same network may use an internal name. So may a proxy, which then forwards the
 * browser's; a client that forges it hides only the finding about its own request.
 */
function calledHost(headers: IncomingHttpHeaders): string | undefined {
  const { origin, 'sec-fetch-site': site } = headers;
  if (origin === undefined && site === undefined) return undefined;
  const [host = ''] = [headers['x-forwarded-host'] ?? headers.host].flat();
  if (!/^(?:[a-z0-9.-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/i.test(host)) return undefined;
  return host.toLowerCase().replace(/:(?:80|443)$/, '');
}

/** Any client can send this header, so it proves nothing if there is no proxy. */
const clientIpHeaderUnset: Finding = {
  ...clientIpHeaderMissing('receives X-Forwarded-For, as from a proxy', 'x-forwarded-for'),
  fix: 'behind a proxy: set it to the header that the proxy overwrites or appends to, such as x-forwarded-for; without a proxy leave it unset, because clients could then forge the address',
};

const baseUrlMismatch: Finding = {
  level: 'warn',
  code: 'BASE_URL_NOT_CALLED',
  variable: 'BETTER_AUTH_URL',
  message: 'is not the host that a browser called: cookies belong to one host',
  fix: 'call the service by that URL, or set it to the host that browsers call; a proxy should forward Host or X-Forwarded-Host',
};
