/** A TCP relay in front of the database that can refuse, freeze and cut connections: faults as a network makes them. */
import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';
import { once } from 'node:events';

export interface FaultyNetwork {
  /** The database's URL through the relay. */
  readonly url: string;
  /** New connections are refused and open ones reset, as when the server is gone. */
  goDown(): Promise<void>;
  /** Bytes from the database no longer arrive: every query hangs. */
  freeze(): void;
  /** Resets every open connection once; new ones work. */
  cut(): void;
  /** Resets a connection whenever the service sends bytes that contain this text. */
  cutWhenSent(text: string): void;
  /** Everything works again. */
  heal(): Promise<void>;
  close(): Promise<void>;
}

export async function createFaultyNetwork(databaseUrl: string): Promise<FaultyNetwork> {
  const target = new URL(databaseUrl);
  const open = new Set<Socket>();
  let isFrozen = false;
  let trap: string | undefined;
  const accept = (inbound: Socket) => {
    const outbound = connect(Number(target.port), target.hostname);
    const reset = () => {
      inbound.resetAndDestroy();
      outbound.destroy();
    };
    for (const socket of [inbound, outbound]) {
      open.add(socket);
      socket.on('error', reset).on('close', () => {
        open.delete(socket);
        (socket === inbound ? outbound : inbound).destroy();
      });
    }
    inbound.on('data', (bytes) => {
      if (trap !== undefined && bytes.includes(trap)) reset();
      else outbound.write(bytes);
    });
    outbound.on('data', (bytes) => {
      if (!isFrozen) inbound.write(bytes);
    });
  };
  const cut = () => {
    for (const socket of open) socket.resetAndDestroy();
  };
  let server = await serve(accept, 0);
  const { port } = server.address() as AddressInfo;
  const url = new URL(databaseUrl);
  url.port = String(port);
  const shut = async () => {
    const closed = server.listening ? once(server, 'close') : undefined;
    server.close();
    cut();
    await closed;
  };
  return {
    url: url.href,
    goDown: shut,
    freeze: () => void (isFrozen = true),
    cut,
    cutWhenSent: (text) => void (trap = text),
    async heal() {
      isFrozen = false;
      trap = undefined;
      cut(); // what was swallowed while frozen is lost
      if (!server.listening) server = await serve(accept, port);
    },
    close: shut,
  };
}

async function serve(accept: (socket: Socket) => void, port: number): Promise<Server> {
  const server = createServer(accept).listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
