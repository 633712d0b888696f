/** A name server on loopback that knows one name, and can refuse or swallow questions. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

export interface NameServer {
  /** Answers the address, that there is no such name, that it failed, or not at all. */
  answer: 'address' | 'unknown' | 'failure' | 'nothing';
  stop(): Promise<void>;
}

/** The only port that `/etc/resolv.conf` can name. */
const port = 53;
const headerBytes = 12;
const typeA = 1;
const codes = { address: 0, nothing: 0, failure: 2, unknown: 3 } as const;

/** Every name has the address 127.0.0.1. @throws if the process may not use port 53 */
export async function startNameServer(host: string): Promise<NameServer> {
  const socket = createSocket('udp4');
  const server: NameServer = {
    answer: 'address',
    async stop() {
      socket.close();
      await once(socket, 'close');
    },
  };
  socket.on('message', (question, { port: from, address }) => {
    if (server.answer === 'nothing') return;
    socket.send(respond(question, server.answer), from, address);
  });
  socket.bind(port, host);
  await once(socket, 'listening');
  return server;
}

/** RFC 1035, section 4: the question again, with one address that is valid for no time. */
function respond(question: Buffer, answer: NameServer['answer']): Buffer {
  const endOfName = question.indexOf(0, headerBytes) + 1;
  const asked = Buffer.from(question.subarray(0, endOfName + 4));
  const hasAddress = answer === 'address' && asked.readUInt16BE(endOfName) === typeA;
  asked.writeUInt16BE(0x8180 | codes[answer], 2);
  asked.writeUInt16BE(hasAddress ? 1 : 0, 6);
  asked.writeUInt32BE(0, 8); // no authority, nothing additional
  if (!hasAddress) return asked;
  const address = [0xc0, headerBytes, 0, typeA, 0, 1, 0, 0, 0, 0, 0, 4, 127, 0, 0, 1];
  return Buffer.concat([asked, Buffer.from(address)]);
}
