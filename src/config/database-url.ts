/** Finds a database beyond the own network that is spoken to without TLS, or without knowing that it is the right one. */
import { isIPv4 } from 'node:net';
import type { Finding } from './finding.js';
import { isLoopbackHost } from './site.js';

/** @param url a valid postgresql:// URL; undefined where there is none to look at */
export function checkDatabaseTls(
  variable: string,
  url: string | undefined,
  findings: Finding[],
): void {
  if (url === undefined) return;
  const { hostname, searchParams } = new URL(url);
  if (isOwnNetwork(searchParams.get('host') ?? hostname)) return;
  const mode = searchParams.get('sslmode') ?? (isOn(searchParams.get('ssl')) ? 'require' : 'unset');
  const fix =
    "set sslmode=verify-full in its query; the sslmode=require of Neon's console is read as that";
  if (mode === 'no-verify') {
    const message = 'takes any certificate, so anybody on the way may answer as the database';
    findings.push({ level: 'warn', code: 'DATABASE_TLS_UNVERIFIED', variable, message, fix });
  } else if (['disable', 'allow', 'unset'].includes(mode)) {
    // pg 8 asks for TLS in none of the three; prefer, require and verify-ca are raised to verify-full (db/client.ts).
    const message =
      'leads over the network without TLS: password and sessions can be read on the way';
    findings.push({ level: 'warn', code: 'DATABASE_TLS_OFF', variable, message, fix });
  }
}

function isOn(ssl: string | null): boolean {
  return ssl === 'true' || ssl === '1';
}

/**
 * This machine, a socket file, a name that only a private network resolves (Fly's and Kubernetes's among them), or a
 * private address (RFC 1918, 6762, 8375).
 */
function isOwnNetwork(host: string): boolean {
  if (host === '' || host.startsWith('/') || isLoopbackHost(host)) return true;
  if (isIPv4(host)) return /^(?:10|192\.168|172\.(?:1[6-9]|2\d|3[01]))\./.test(host);
  if (host.startsWith('[')) return /^\[f[cd]/i.test(host);
  return !host.includes('.') || /\.(?:internal|flycast|svc|local|home\.arpa)$/.test(host);
}
