/** The addresses on which the service listens, and the setting reported if it cannot. */
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { listen, ListenError } from '../src/listen.js';

const app = (_req: unknown, res: { end: (text: string) => void }) => res.end('here');

const answers = (host: string, port: number) =>
  fetch(`http://${host}:${port}/`).then(
    ({ ok }) => ok,
    () => false,
  );

test('listening on one address, it is not reachable by another', async () => {
  const server = await listen(app, 0, '127.0.0.1');
  expect(await answers('127.0.0.1', server.port)).toBe(true);
  expect(await answers('127.0.0.2', server.port)).toBe(false);
  expect(await server.stop()).toBe(0);
});

test('without a host it is reachable by every address', async () => {
  const server = await listen(app, 0);
  expect(await answers('127.0.0.1', server.port)).toBe(true);
  expect(await answers('127.0.0.2', server.port)).toBe(true);
  await server.stop();
});

async function refusal(port: number, host?: string): Promise<ListenError> {
  const error = await listen(app, port, host).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(ListenError);
  return error as ListenError;
}

test.each(['192.0.2.1', 'nowhere.invalid'])(
  'an address of another machine (%s) is reported for HOST',
  async (host) => {
    const { variable, message } = await refusal(0, host);
    expect(variable).toBe('HOST');
    expect(message).toMatch(/^HOST is .*: set it to/);
  },
);

test('a port in use is reported for PORT', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  expect(await refusal(port, '127.0.0.1')).toMatchObject({
    variable: 'PORT',
    message: `port ${port} is in use: stop the process that uses it, or set PORT`,
  });
  taken.close();
});
