/** Finds a free local port, for programs that cannot choose one themselves. */
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Below the ports that systems give to outgoing connections (from 32768 on Linux, from 49152 elsewhere: RFC 6335). A
 * port of those can be taken by any connection of any process before the program that asked for it listens.
 */
const lowest = 20_000;
const ephemeral = 32_768;

/** EACCES: Windows reserves ranges of ports, for Hyper-V for example. */
const unavailable: ReadonlySet<string> = new Set(['EADDRINUSE', 'EACCES']);

/**
 * A port that nothing listened on just now.
 * @param candidate the next port to try
 * @throws other errors of `listen` than that the port is in use or reserved
 */
export async function freePort(candidate = () => randomInt(lowest, ephemeral)): Promise<number> {
  for (;;) {
    const port = candidate();
    if (await canListen(port)) return port;
  }
}

async function canListen(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (unavailable.has(code)) return false;
    throw error;
  }
  server.close();
  await once(server, 'close');
  return true;
}
