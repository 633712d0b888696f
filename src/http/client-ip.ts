/** The only source of the client's address. Never trusts a header that a client can set (ASVS 4.1.3). */
import { isIP } from 'node:net';
import type { IncomingMessage } from 'node:http';

export interface ClientAddress {
  /** IPv4 or IPv6. */
  readonly address: string;
  /** `socket`, or the lower-case name of the header. */
  readonly from: string;
}

/**
 * The client's address and its source.
 * @param header lower-case name of the header that the operator's proxy overwrites; undefined: use the socket
 * @returns the socket's address if the header is missing or does not hold an address
 */
export function clientAddress(req: IncomingMessage, header: string | undefined): ClientAddress {
  const address = header === undefined ? undefined : readAddress(req.headers[header], header);
  if (header !== undefined && address !== undefined) return { address, from: header };
  return { address: req.socket.remoteAddress ?? '0.0.0.0', from: 'socket' };
}

/**
 * The address that the nearest proxy wrote. It may have a port (Azure and others), brackets, quotes and a zone; in
 * `Forwarded` it is the `for` parameter (RFC 7239 section 4).
 * @returns undefined if there is none
 */
function readAddress(value: string | string[] | undefined, header: string): string | undefined {
  // Proxies append on the right; entries further left came with the request and may be forged.
  const nearest = (Array.isArray(value) ? value.at(-1) : value)?.split(',').at(-1)?.trim() ?? '';
  const node = header === 'forwarded' ? forOf(nearest) : nearest;
  if (node.length > maxNodeLength) return undefined;
  const plain = node.replace(/^"(.*)"$/, '$1').trim();
  const inBrackets = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(plain)?.[1];
  if (inBrackets !== undefined) return isIP(inBrackets) === 6 ? withoutZone(inBrackets) : undefined;
  const withPort = /^([\d.]+):\d{1,5}$/.exec(plain)?.[1];
  const address = withPort !== undefined && isIP(withPort) === 4 ? withPort : plain;
  return isIP(address) === 0 ? undefined : withoutZone(address);
}

/** An address of 45 characters plus brackets, quotes, port and zone. */
const maxNodeLength = 100;

function forOf(element: string): string {
  const pair = element.split(';').find((one) => /^\s*for\s*=/i.test(one)) ?? '';
  return pair.slice(pair.indexOf('=') + 1).trim();
}

/** The zone is the proxy's network interface; it does not identify the client. */
function withoutZone(address: string): string {
  return address.split('%')[0] ?? address;
}

/** Only the address: for rate limits and for the session row. */
export function clientIp(req: IncomingMessage, header: string | undefined): string {
  return clientAddress(req, header).address;
}
