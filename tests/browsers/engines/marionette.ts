/**
 * A client of Marionette, Firefox's own remote protocol, for what WebDriver BiDi lacks: virtual authenticators. Frames are
 * `length:json`; it shares the session of BiDi.
 */
import { once } from 'node:events';
import { connect } from 'node:net';

export interface Marionette {
  /** @throws Error with Firefox's message */
  send(command: string, parameters: object): Promise<unknown>;
}

interface Call {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Closed by Firefox when it exits. @param port its preference `marionette.port` */
export async function connectMarionette(port: number): Promise<Marionette> {
  const socket = connect(port, '127.0.0.1');
  const calls = new Map<number, Call>();
  let buffered = Buffer.alloc(0);
  let lastId = 0;

  /** Firefox's greeting is the only frame that is not `[1, id, error, result]`. */
  function read(frame: unknown): void {
    if (!Array.isArray(frame)) return;
    const [, id, error, result] = frame as [1, number, { message: string } | null, unknown];
    const call = calls.get(id);
    calls.delete(id);
    if (error === null) call?.resolve(result);
    else call?.reject(new Error(`Marionette: ${error.message}`));
  }

  socket.on('data', (bytes: Buffer) => {
    buffered = Buffer.concat([buffered, bytes]);
    for (;;) {
      const start = buffered.indexOf(':') + 1;
      const end = start + Number(buffered.subarray(0, start - 1).toString());
      if (start === 0 || buffered.length < end) return;
      const frame = buffered.subarray(start, end).toString();
      buffered = buffered.subarray(end);
      read(JSON.parse(frame));
    }
  });
  const fail = () => {
    for (const { reject } of calls.values()) reject(new Error('Marionette: Firefox has gone'));
    calls.clear();
  };
  await once(socket, 'connect');
  socket.on('error', fail).on('close', fail);

  return {
    send: (command, parameters) =>
      new Promise((resolve, reject) => {
        lastId += 1;
        calls.set(lastId, { resolve, reject });
        const frame = JSON.stringify([0, lastId, command, parameters]);
        socket.write(`${Buffer.byteLength(frame)}:${frame}`);
      }),
  };
}
