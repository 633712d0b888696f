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
  const address = header === undefined ? undefined : readAddress(req.headers[header], header);
  if (header !== undefined && address !== undefined) return { address, from: header };
  return { address: req.socket.remoteAddress ?? '0.0.0.0', from: 'socket' };
}

/**
 * The address that the nearest proxy wrote. It may have a port, as Azure's and some others write it, stand in brackets
 * or quotes and carry a zone; in `Forwarded` it is the parameter `for` (RFC 7239 4).
 * @returns undefined where there is none
 */
function readAddress(value: string | string[] | undefined, header: string): string | undefined {
  // Proxies append on the right; what stands further left came with the request and may be forged.
  const nearest = (Array.isArray(value) ? value.at(-1) : value)?.split(',').at(-1)?.trim() ?? '';
  const node = header === 'forwarded' ? forOf(nearest) : nearest;
  if (node.length > longestNode) return undefined;
  const plain = node.replace(/^"(.*)"$/, '$1').trim();
  const inBrackets = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(plain)?.[1];
  if (inBrackets !== undefined) return isIP(inBrackets) === 6 ? withoutZone(inBrackets) : undefined;
  const withPort = /^([\d.]+):\d{1,5}$/.exec(plain)?.[1];
  const address = withPort !== undefined && isIP(withPort) === 4 ? withPort : plain;
  return isIP(address) === 0 ? undefined : withoutZone(address);
}

/** An address of 45 characters with brackets, quotes, port and a zone. */
const longestNode = 100;

function forOf(element: string): string {
  const pair = element.split(';').find((one) => /^\s*for\s*=/i.test(one)) ?? '';
  return pair.slice(pair.indexOf('=') + 1).trim();
}

/** A link-local address belongs to an interface of the proxy; one visitor has it once. */
function withoutZone(address: string): string {
  return address.split('%')[0] ?? address;
}

/** The address alone: what limits are counted for and sessions are written down with. */
export function clientIp(req: IncomingMessage, header: string | undefined): string {
  return clientAddress(req, header).address;
}
