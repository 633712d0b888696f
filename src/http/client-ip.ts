/** The one door for the client's address. A header that a visitor can set never decides (ASVS 4.1.3). */
import { isIP } from 'node:net';
import type { IncomingMessage } from 'node:http';

export interface ClientAddress {
  /** IPv4 or IPv6. */
  readonly address: string;
  /** `socket`, or the lower-case name of the header that carried it. */
  readonly from: string;
}

/**
 * The address of whoever sent the request, and who says so.
 * @param header lower-case name of the header that the operator's own proxy overwrites; undefined: the socket
 * @returns the socket's where the header is missing or no address
 */
export function clientAddress(req: IncomingMessage, header: string | undefined): ClientAddress {
  const named = header === undefined ? undefined : req.headers[header];
  // Proxies append on the right; what stands further left came with the request and may be forged.
  const nearest = (Array.isArray(named) ? named.at(-1) : named)?.split(',').at(-1)?.trim() ?? '';
  if (header !== undefined && isIP(nearest) !== 0) return { address: nearest, from: header };
  return { address: req.socket.remoteAddress ?? '0.0.0.0', from: 'socket' };
}

/** The address alone: what limits are counted for and sessions are written down with. */
export function clientIp(req: IncomingMessage, header: string | undefined): string {
  return clientAddress(req, header).address;
}
