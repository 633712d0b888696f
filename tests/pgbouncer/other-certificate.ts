/** A man in the middle with another certificate for the same host: terminates TLS and connects to the server with TLS. */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { connect as connectTls, TLSSocket } from 'node:tls';
import type { Certificate } from './certificates.js';

/** PostgreSQL's SSLRequest: the length, 8, and its code. */
const sslRequest = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);

export async function startInTheMiddle(serverPort: number, own: Certificate, authority: string) {
  const [cert, key] = await Promise.all([readFile(own.certificate), readFile(own.key)]);
  const ca = await readFile(authority);
  const open = new Set<Socket>();
  const relay = async (inbound: Socket) => {
    await once(inbound, 'data'); // the client's SSLRequest
    const outbound = connect(serverPort, '127.0.0.1');
    track(outbound);
    outbound.write(sslRequest);
    await once(outbound, 'data');
    const theirs = connectTls({ socket: outbound, ca, servername: 'localhost' });
    await once(theirs, 'secureConnect');
    inbound.write('S');
    const ours = new TLSSocket(inbound, { isServer: true, cert, key });
    for (const socket of [theirs, ours]) socket.on('error', () => undefined);
    ours.pipe(theirs).pipe(ours);
  };
  const track = (socket: Socket) => {
    open.add(socket);
    socket.on('error', () => undefined).on('close', () => open.delete(socket));
  };
  const server = createServer((inbound) => {
    track(inbound);
    void relay(inbound).catch(() => inbound.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      const closed = once(server.close(), 'close');
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}
