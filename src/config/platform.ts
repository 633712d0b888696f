/** What the platform itself says of the deployment, held against what the operator set. */
import type { Finding } from './finding.js';
import type { platformVariables } from './variables.js';
import type { z } from 'zod';

type Platform = z.infer<typeof platformVariables>;

/** Variable that a platform sets → its name, and the header its proxy overwrites with the client's address. */
const proxies: readonly [keyof Platform, string, string][] = [
  ['FLY_APP_NAME', 'Fly', 'fly-client-ip'], // fly.io/docs/networking/request-headers
  ['CLOUDFLARE_APPLICATION_ID', 'Cloudflare', 'cf-connecting-ip'], // developers.cloudflare.com/containers
  ['RENDER', 'Render', 'cf-connecting-ip'], // Cloudflare stands in front of every service there
  ['RAILWAY_PROJECT_ID', 'Railway', 'x-real-ip'],
  ['DYNO', 'Heroku', 'x-forwarded-for'], // the router appends the client, and the last one counts here
];

/** On a platform that is known to stand behind its proxy, `CLIENT_IP_HEADER` must be set: elsewhere a request tells. */
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
 * A header is believed whoever sends it. So whoever reaches the port beside the proxy chooses the address that rate
 * limits see. Platforms let nobody in but through their proxy. To listen on all addresses may be what a container
 * needs: where HOST says so itself, it is no warning.
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
      'lets the service listen on all addresses, while CLIENT_IP_HEADER is believed: whoever reaches the port beside the proxy forges the address that rate limits see',
    fix: 'set HOST=127.0.0.1 where the proxy runs on this machine; elsewhere let a firewall or the container network admit the proxy alone',
  });
}

/** @param evidence how it is known that a proxy stands in front */
export function clientIpHeaderMissing(evidence: string, header: string): Finding {
  return {
    level: 'warn',
    code: 'CLIENT_IP_HEADER_MISSING',
    variable: 'CLIENT_IP_HEADER',
    message: `is not set, but the service ${evidence}: all visitors share one rate limit`,
    fix: `set it to the header that the proxy overwrites, like ${header}; /diagnostics shows what comes of it`,
  };
}

/**
 * On Vercel the production deployment has a domain: where browsers call another, its cookies are not these. A project
 * may have several, of which Vercel names the shortest, and a proxy may stand in front of all: so it is no warning here.
 * A browser that calls another host shows it (http/request-findings.ts).
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
      'is another domain than VERCEL_PROJECT_PRODUCTION_URL, which is right with several domains or a proxy in front alone',
    fix: 'set it to the domain that browsers call, and add that domain to the project where none stands in front',
  });
}
