/** Checks for ports in use before anything starts, because each part would report it differently. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { DemoError, type Address } from './settings.js';

/** @throws DemoError that names every port in use and its variable */
export async function requireFreePorts(addresses: readonly Address[]): Promise<void> {
  const messages: string[] = [];
  for (const { what, port, variable } of addresses) {
    if (await isInUse(port)) {
      messages.push(
        `port ${port}, for ${what}, is in use: stop the program that uses it, or set ${variable}`,
      );
    }
  }
  if (messages.length > 0) throw new DemoError(messages.join('\n'));
}

/** Checks every address of `localhost`: macOS lets a second program listen on another address of the same port. */
async function isInUse(port: number): Promise<boolean> {
  for (const host of ['::', '127.0.0.1', '::1']) {
    const server = createServer();
    try {
      await once(server.listen(port, host), 'listening');
    } catch (error) {
      // Other errors: no IPv6, or a privileged port, which the part itself reports best.
      if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return true;
      continue;
    }
    server.close();
    await once(server, 'close');
  }
  return false;
}
