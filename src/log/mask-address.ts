/** Reduces an IP address to its network: enough to recognise the origin, too little to identify a person. */
import { isIP } from 'node:net';

/**
 * An IPv4 address to /24, an IPv6 address to /48, which is one site (RFC 6177); `unknown` for anything else.
 * @param ipv6Bits 64 for one link of a site, which most hosts cannot leave
 */
export function networkOf(address: string, ipv6Bits: 48 | 64 = 48): string {
  const plain = address.replace(/%.*$/, '');
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(plain)?.[1] ?? plain;
  if (isIP(mapped) === 4) return `${mapped.split('.').slice(0, 3).join('.')}.0/24`;
  if (isIP(mapped) !== 6) return 'unknown';
  const groups = expand(mapped).slice(0, ipv6Bits / 16);
  return `${groups.join(':')}::/${ipv6Bits}`;
}

/** The eight groups of an IPv6 address, without leading zeros. */
function expand(address: string): string[] {
  // A dotted IPv4 suffix represents the last two groups (RFC 4291 2.2), which are masked anyway.
  const text = address.toLowerCase().replace(/\d+\.\d+\.\d+\.\d+$/, '0:0');
  const [head = '', tail] = text.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array<string>(8 - left.length - right.length).fill('0');
  return [...left, ...zeros, ...right].map((group) => group.replace(/^0+(?=.)/, ''));
}
