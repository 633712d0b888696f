/** Compares the platform's variables with the operator's configuration. */
import type { Finding } from './finding.js';
import type { platformVariables } from './variables.js';
import type { z } from 'zod';

type Platform = z.infer<typeof platformVariables>;

/** Platform variable, platform name, and the header that its proxy overwrites with the client's address. */
const proxies: readonly [keyof Platform, string, string][] = [
  ['FLY_APP_NAME', 'Fly', 'fly-client-ip'], // fly.io/docs/networking/request-headers
  ['CLOUDFLARE_APPLICATION_ID', 'Cloudflare', 'cf-connecting-ip'], // developers.cloudflare.com/containers
  ['RENDER', 'Render', 'cf-connecting-ip'], // all its services are behind Cloudflare
  ['RAILWAY_PROJECT_ID', 'Railway', 'x-real-ip'],
  ['DYNO', 'Heroku', 'x-forwarded-for'], // the router appends the client's address, and client-ip.ts reads the last entry
];

/** On platforms with a known proxy, `CLIENT_IP_HEADER` must be set. Elsewhere http/detect-misconfiguration.ts detects it. */
export function checkClientIpHeader(
  platform: Platform,
  clientIpHeader: string | undefined,
  findings: Finding[],
): void {
  const proxy = proxies.find(([variable]) => platform[variable] !== undefined);
  if (proxy === undefined || clientIpHeader !== undefined) return;
  const [, name, header] = proxy;
  findings.push(clientIpHeaderMissing(`runs behind the proxy of ${name}`, header));
}

const allAddresses = ['0.0.0.0', '::', '0:0:0:0:0:0:0:0'];

/**
 * The header is trusted regardless of its sender, so a client that can reach the port without the proxy can forge the
 * address used for rate limits. Platforms only admit traffic through their proxy. A container may need to listen on all
 * addresses: if HOST says so explicitly, this is not a warning.
 */
export function checkHost(
  platform: Platform,
  values: { readonly HOST?: string | undefined; readonly CLIENT_IP_HEADER?: string | undefined },
  findings: Finding[],
): void {
  const isBehindPlatform =
    platform.VERCEL === '1' || proxies.some(([variable]) => platform[variable] !== undefined);
  if (values.CLIENT_IP_HEADER === undefined || isBehindPlatform) return;
  if (values.HOST !== undefined && !allAddresses.includes(values.HOST)) return;
  findings.push({
    level: values.HOST === undefined ? 'warn' : 'info',
    code: 'PORT_REACHABLE_BESIDE_PROXY',
    variable: 'HOST',
    message:
      'lets the service listen on all addresses while CLIENT_IP_HEADER is trusted: a client that can reach the port without the proxy can forge the address used for rate limits',
    fix: 'set HOST=127.0.0.1 if the proxy runs on this machine; otherwise let a firewall or the container network admit only the proxy',
  });
}

/** @param evidence how the proxy was detected */
export function clientIpHeaderMissing(evidence: string, header: string): Finding {
  return {
    level: 'warn',
    code: 'CLIENT_IP_HEADER_MISSING',
    variable: 'CLIENT_IP_HEADER',
    message: `is not set, but the service ${evidence}: all clients share one rate limit`,
    fix: `set it to the header that the proxy overwrites, such as ${header}; /diagnostics shows the resulting address`,
  };
}

/**
 * Compares the base URL with the production domain on Vercel. Not a warning, because a project may have several domains, of
 * which Vercel names the shortest, or a proxy in front. http/detect-misconfiguration.ts detects browsers that call another
 * host.
 */
export function checkProductionUrl(
  platform: Platform,
  baseUrl: string | undefined,
  findings: Finding[],
): void {
  const host = platform.VERCEL_PROJECT_PRODUCTION_URL?.toLowerCase();
  if (platform.VERCEL_ENV !== 'production' || host === undefined || baseUrl === undefined) return;
  if (new URL(baseUrl).host === host) return;
  findings.push({
    level: 'info',
    code: 'BASE_URL_NOT_PRODUCTION_URL',
    variable: 'BETTER_AUTH_URL',
    message:
      'differs from VERCEL_PROJECT_PRODUCTION_URL, which is correct only with several domains or a proxy',
    fix: 'set it to the domain that browsers call, and add that domain to the project unless a proxy serves it',
  });
}
