/** A TCP relay in front of the database that simulates network faults: it can refuse, freeze, slow down and reset connections. */
import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

export interface FaultyNetwork {
  /** The database's URL through the relay. */
  readonly url: string;
  /** Refuses new connections and resets open ones, as if the server were down. */
  goDown(): Promise<void>;
  /** Stops forwarding bytes from the database: every query hangs. */
  freeze(): void;
  /** Resets every open connection once; new ones work. */
  cut(): void;
  /** Resets a connection each time the service sends bytes with this text. */
  cutWhenSent(text: string): void;
  /** The same, only once. */
  cutOnce(text: string): void;
  /** The next connection wakes the database, which does not respond until it is awake. */
  sleep(wakesAfterMs: number): void;
  /** Resets the next connections immediately. */
  turnAway(count: number): void;
  /** Open connections stay open but forward nothing, as after a router has dropped its state; new ones work, also after a freeze. */
  cutSilently(): void;
  /** Sends half of each response to a statement, then closes the connection. */
  cutResponses(): void;
  /** Forwards what the database sends at this rate. */
  trickle(bytesPerSecond: number): void;
  /** The number of connections so far. */
  readonly accepted: () => number;
  /** Everything works again. */
  heal(): Promise<void>;
  close(): Promise<void>;
}

export async function createFaultyNetwork(databaseUrl: string): Promise<FaultyNetwork> {
  const target = new URL(databaseUrl);
  const open = new Set<Socket>();
  let isFrozen = false;
  let isCutting = false;
  let rate = Infinity;
  let trap: string | undefined;
  let isOneTime = false;
  let accepted = 0;
  let toTurnAway = 0;
  let wakesAfterMs: number | undefined;
  let awake: Promise<unknown> | undefined;
  let dead = new WeakSet<Socket>();
  const accept = (inbound: Socket) => {
    accepted += 1;
    if (toTurnAway > 0) {
      toTurnAway -= 1;
      inbound.on('error', () => undefined).resetAndDestroy();
      return;
    }
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
    let hasAsked = false;
    inbound.on('data', (bytes) => {
      hasAsked ||= isStatement(bytes);
      if (trap !== undefined && bytes.includes(trap)) {
        if (isOneTime) trap = undefined;
        reset();
      } else if (!dead.has(inbound)) outbound.write(bytes);
    });
    if (wakesAfterMs !== undefined) {
      awake ??= delay(wakesAfterMs);
      inbound.pause();
      void awake.then(() => inbound.resume());
    }
    const forward = trickleInto(inbound, () => rate);
    outbound.on('data', (bytes) => {
      if (isFrozen || dead.has(inbound)) return;
      if (isCutting && hasAsked) inbound.end(bytes.subarray(0, Math.ceil(bytes.length / 2)));
      else forward(bytes);
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
    cutWhenSent: (text) => void ([trap, isOneTime] = [text, false]),
    cutOnce: (text) => void ([trap, isOneTime] = [text, true]),
    sleep: (ms) => void (wakesAfterMs = ms),
    turnAway: (count) => void (toTurnAway = count),
    cutResponses: () => void (isCutting = true),
    trickle: (bytesPerSecond) => void (rate = bytesPerSecond),
    cutSilently: () => void ([dead, isFrozen] = [new WeakSet(open), false]),
    accepted: () => accepted,
    async heal() {
      wakesAfterMs = undefined;
      awake = undefined;
      toTurnAway = 0;
      isFrozen = false;
      isCutting = false;
      rate = Infinity;
      trap = undefined;
      cut(); // bytes discarded while frozen are lost
      if (!server.listening) server = await serve(accept, port);
    },
    close: shut,
  };
}

/** The first byte of Query, Parse and Bind (PostgreSQL 18, 54.7), which a connection sends once it is established. */
const isStatement = (bytes: Buffer) => ['Q', 'P', 'B'].includes(String.fromCharCode(bytes[0] ?? 0));

const tickMs = 50;

/** Writes to the socket, at the given rate in bytes per second. */
function trickleInto(socket: Socket, rate: () => number): (bytes: Buffer) => void {
  let waiting = Buffer.alloc(0);
  let timer: NodeJS.Timeout | undefined;
  socket.once('close', () => clearInterval(timer));
  return function forward(bytes) {
    if (rate() === Infinity) {
      socket.write(bytes);
      return;
    }
    waiting = Buffer.concat([waiting, bytes]);
    timer ??= setInterval(() => {
      const size = Math.ceil((rate() * tickMs) / 1000);
      if (waiting.length > 0) socket.write(waiting.subarray(0, size));
      waiting = waiting.subarray(size);
    }, tickMs);
  };
}

async function serve(accept: (socket: Socket) => void, port: number): Promise<Server> {
  const server = createServer(accept).listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
