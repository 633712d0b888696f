/** Detects connections to a database outside the private network without TLS or without certificate verification. */
import { isIPv4 } from 'node:net';
import type { Finding } from './finding.js';
import { isLoopbackHost } from './site.js';

/** @param url a valid postgresql:// URL; undefined if there is none to check */
export function checkDatabaseTls(
  variable: string,
  url: string | undefined,
  findings: Finding[],
): void {
  if (url === undefined) return;
  const { hostname, searchParams } = new URL(url);
  if (isPrivateNetwork(searchParams.get('host') ?? hostname)) return;
  const mode = searchParams.get('sslmode') ?? (isOn(searchParams.get('ssl')) ? 'require' : 'unset');
  const fix =
    "set sslmode=verify-full in its query; sslmode=require, as in Neon's console, means the same";
  if (mode === 'no-verify') {
    const message =
      'accepts any certificate, so an attacker on the network can impersonate the database';
    findings.push({ level: 'warn', code: 'DATABASE_TLS_UNVERIFIED', variable, message, fix });
  } else if (['disable', 'allow', 'unset'].includes(mode)) {
    // pg 8 uses no TLS for these three; prefer, require and verify-ca are raised to verify-full (db/client.ts).
    const message =
      'connects over the network without TLS: password and sessions can be intercepted';
    findings.push({ level: 'warn', code: 'DATABASE_TLS_OFF', variable, message, fix });
  }
}

function isOn(ssl: string | null): boolean {
  return ssl === 'true' || ssl === '1';
}

/**
 * The local machine, a Unix socket, a name that only a private network resolves (such as Fly's and Kubernetes's), or a
 * private address (RFC 1918, 6762, 8375).
 */
export function isPrivateNetwork(host: string): boolean {
  if (host === '' || host.startsWith('/') || isLoopbackHost(host)) return true;
  if (isIPv4(host)) return /^(?:10|192\.168|172\.(?:1[6-9]|2\d|3[01]))\./.test(host);
  if (host.startsWith('[')) return /^\[f[cd]/i.test(host);
  return !host.includes('.') || /\.(?:internal|flycast|svc|local|home\.arpa)$/.test(host);
}
