import type { IncomingMessage } from 'node:http';
import { describe, expect, test } from 'vitest';
import { clientIp } from '../../src/http/client-ip.js';

const socketAddress = '198.51.100.1';
const header = 'x-forwarded-for';

function ipOf(value: string | string[] | undefined, named: string | undefined = header): string {
  const headers = value === undefined ? {} : { [header]: value };
  const req = { headers, socket: { remoteAddress: socketAddress } };
  return clientIp(req as unknown as IncomingMessage, named);
}

const addresses = ['192.0.2.7', '0.0.0.0', '2001:db8::7', '::1', '::ffff:192.0.2.7'];
const others = [
  '',
  ' ',
  'unknown',
  'localhost',
  '_hidden',
  '192.0.2',
  '192.0.2.256',
  '192.0.2.07',
  '0x7f.0.0.1',
  '3221225991',
  '192.0.2.256:443',
  '192.0.2.7:',
  '192.0.2.7:123456',
  '2001:db8::7]:443',
  '[192.0.2.7]:443',
  '[]',
  '"',
  '2001:db8::7::',
  '192.0.2.7 192.0.2.8',
  '192.0.2.7;',
  'for=192.0.2.7',
];

describe('with a configured header', () => {
  test.each(addresses)('a single address %s is the client’s', (address) => {
    expect(ipOf(address)).toBe(address);
    expect(ipOf(` ${address}\t`)).toBe(address);
  });

  test.each(others)('%j is not an address, so the socket’s is used', (value) => {
    expect(ipOf(value)).toBe(socketAddress);
  });

  test.each([
    ['198.51.100.4:5000', '198.51.100.4'],
    ['[2001:db8::1]:443', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['::ffff:192.0.2.7', '::ffff:192.0.2.7'],
    ['[::ffff:192.0.2.7]:80', '::ffff:192.0.2.7'],
    ['fe80::1%eth0', 'fe80::1'],
    ['[fe80::1%25eth0]:443', 'fe80::1'],
    ['"192.0.2.7"', '192.0.2.7'],
    ['"[2001:db8::1]:443"', '2001:db8::1'],
    ['203.0.113.1:1, 198.51.100.4:5000', '198.51.100.4'],
    ['[2001:db8::2]:1 , [2001:db8::1]:443\t', '2001:db8::1'],
  ])('%j is read as %s', (value, address) => {
    expect(ipOf(value)).toBe(address);
  });

  test('an extremely long value is ignored quickly', () => {
    const startedAt = performance.now();
    for (const part of ['[', '1.', '"', '1:', '%', ':'])
      expect(ipOf(part.repeat(50_000))).toBe(socketAddress);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });

  test.each([
    ['for=192.0.2.7', '192.0.2.7'],
    ['For="[2001:db8::1]:4711"', '2001:db8::1'],
    ['for=203.0.113.1;proto=https, for=198.51.100.4:80;by=203.0.113.43', '198.51.100.4'],
    ['proto=http; for = "192.0.2.7:47011" ', '192.0.2.7'],
    ['for=unknown', socketAddress],
    ['for=_hidden', socketAddress],
    ['by=192.0.2.7', socketAddress],
    ['192.0.2.7', socketAddress],
  ])('of Forwarded %j it is %s', (value, address) => {
    const req = { headers: { forwarded: value }, socket: { remoteAddress: socketAddress } };
    expect(clientIp(req as unknown as IncomingMessage, 'forwarded')).toBe(address);
  });

  test('of two entries the last one counts, or the socket’s address if it is not an address', () => {
    for (const left of [...addresses, ...others]) {
      for (const right of addresses) expect(ipOf(`${left}, ${right}`)).toBe(right);
      for (const right of others) expect(ipOf(`${left},${right}`)).toBe(socketAddress);
    }
  });

  test('of several header lines the last one counts', () => {
    expect(ipOf(['192.0.2.1', '192.0.2.2, 192.0.2.3'])).toBe('192.0.2.3');
  });

  test('without the header the socket’s address is used', () => {
    expect(ipOf(undefined)).toBe(socketAddress);
  });
});

test.each([...addresses, ...others])('without a configured header %j has no effect', (value) => {
  const req = { headers: { [header]: value }, socket: { remoteAddress: socketAddress } };
  expect(clientIp(req as unknown as IncomingMessage, undefined)).toBe(socketAddress);
});

test('a socket without an address, such as a pipe, has a default address', () => {
  const req = { headers: {}, socket: {} } as unknown as IncomingMessage;
  expect(clientIp(req, undefined)).toBe('0.0.0.0');
});
