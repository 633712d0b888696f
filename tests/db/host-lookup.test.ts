/** The address of the database, while its name server fails. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createHostLookup } from '../../src/db/host-lookup.js';

const here = [{ address: '127.0.0.1', family: 4 }];
const there = [{ address: '127.0.0.2', family: 4 }];
const failure = (code: string) => Object.assign(new Error(code), { code });

/** A name server whose answer the test changes. */
function nameServer() {
  const server = {
    questions: 0,
    answer: () => Promise.resolve(here),
    ask: () => {
      server.questions += 1;
      return server.answer();
    },
  };
  return server;
}

test('connections that open together share a lookup, and the next ones look up again', async () => {
  const server = nameServer();
  const { addressesOf } = createHostLookup(server.ask);
  expect(await Promise.all([addressesOf('db'), addressesOf('db')])).toEqual([here, here]);
  expect(server.questions).toBe(1);
  server.answer = () => Promise.resolve(there);
  expect(await addressesOf('db')).toEqual(there);
});

test('a name server that does not answer leaves the database where it was', async () => {
  const server = nameServer();
  const { addressesOf } = createHostLookup(server.ask);
  await addressesOf('db');
  server.answer = () => Promise.reject(failure('EAI_AGAIN'));
  expect(await addressesOf('db')).toEqual(here);
  server.answer = () => sleep(3_000, there);
  const askedAt = performance.now();
  expect(await addressesOf('db')).toEqual(here);
  expect(performance.now() - askedAt).toBeLessThan(2_500);
});

test('a name that does not exist is an error, and so is silence before an address is known', async () => {
  const server = nameServer();
  const { addressesOf } = createHostLookup(server.ask);
  server.answer = () => Promise.reject(failure('EAI_AGAIN'));
  await expect(addressesOf('db')).rejects.toThrow('EAI_AGAIN');
  server.answer = () => Promise.resolve(here);
  await addressesOf('db');
  server.answer = () => Promise.reject(failure('ENOTFOUND'));
  await expect(addressesOf('db')).rejects.toThrow('ENOTFOUND');
});

test('a socket connects by name', async () => {
  const server = createServer((socket) => socket.end('here')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const socket = createHostLookup(() => Promise.resolve(here)).createSocket();
  socket.connect(port, 'database.test');
  const [text] = (await once(socket, 'data')) as [Buffer];
  expect(text.toString()).toBe('here');
  server.close();
});
