/** Whether somebody listens on a port already. Asked first, because each part would print it in another way. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { DemoError, type Address } from './settings.js';

/** @throws DemoError that names every taken port and its variable */
export async function requireFreePorts(addresses: readonly Address[]): Promise<void> {
  const messages: string[] = [];
  for (const { what, port, variable } of addresses) {
    if (await isInUse(port)) {
      messages.push(`port ${port}, for ${what}, is taken: stop what uses it, or set ${variable}`);
    }
  }
  if (messages.length > 0) throw new DemoError(messages.join('\n'));
}

/** On any address that `localhost` may mean: macOS lets a second program listen on another address of a taken port. */
async function isInUse(port: number): Promise<boolean> {
  for (const host of ['::', '127.0.0.1', '::1']) {
    const server = createServer();
    try {
      await once(server.listen(port, host), 'listening');
    } catch (error) {
      // Others: a machine without IPv6, or a port that only root may take, which that part says best itself.
      if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return true;
      continue;
    }
    server.close();
    await once(server, 'close');
  }
  return false;
}
