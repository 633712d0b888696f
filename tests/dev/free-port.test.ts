import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { freePort } from '../../src/dev/free-port.js';

test('a free port is below those of outgoing connections, so that none takes it', async () => {
  const ports = await Promise.all(Array.from({ length: 50 }, () => freePort()));
  for (const port of ports) {
    expect(port).toBeGreaterThanOrEqual(20_000);
    expect(port).toBeLessThan(32_768);
  }
  expect(new Set(ports).size).toBeGreaterThan(40);
});

test('a port that something listens on is passed over', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: taken } = server.address() as AddressInfo;
  const free = await freePort();
  const candidates = [taken, taken, free];
  expect(await freePort(() => candidates.shift() ?? 0)).toBe(free);
  server.close();
});

test('another error than a port in use is thrown', async () => {
  await expect(freePort(() => 65_536)).rejects.toThrow('65536');
});
