/** The one door for the client's address. A header that a visitor can set never decides (ASVS 4.1.3). */
import { isIP } from 'node:net';
import type { IncomingMessage } from 'node:http';

/**
 * The address of whoever sent the request.
 * @param header lower-case name of the header that the operator's own proxy overwrites; undefined: the socket
 * @returns an IPv4 or IPv6 address; the socket's where the header is missing or no address
 */
export function clientIp(req: IncomingMessage, header: string | undefined): string {
  const named = header === undefined ? undefined : req.headers[header];
  // Proxies append on the right; what stands further left came with the request and may be forged.
  const nearest = (Array.isArray(named) ? named.at(-1) : named)?.split(',').at(-1)?.trim() ?? '';
  if (isIP(nearest) !== 0) return nearest;
  return req.socket.remoteAddress ?? '0.0.0.0';
}
