/** Device names from User-Agent headers, and short addresses. */
import { expect, test } from 'vitest';
import { describeDevice, shortAddress } from '../src/client/describe-device.js';

test.each([
  ['Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0', 'Firefox on Linux'],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36 Edg/156.0.0.0',
    'Edge on Windows',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 26_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.2 Mobile/15E148 Safari/604.1',
    'Safari on iOS',
  ],
  [
    'Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Mobile Safari/537.36',
    'Chrome on Android',
  ],
  ['curl/8.5.0', 'Unknown browser'],
  [null, 'Unknown browser'],
])('%s is described as %s', (userAgent, device) => {
  expect(describeDevice(userAgent)).toBe(device);
});

test('an IPv6 address is shortened, an IPv4 address unchanged', () => {
  expect(shortAddress('2001:0db8:0000:0000:0000:0000:0000:0001')).toBe('2001:db8::1');
  expect(shortAddress('203.0.113.7')).toBe('203.0.113.7');
  expect(shortAddress('0000:0000:0000:0000:0000:0000:0000:0000')).toBeUndefined();
  expect(shortAddress(null)).toBeUndefined();
});
