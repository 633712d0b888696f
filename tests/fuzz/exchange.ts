/** Sends one request as bytes over its own socket and returns the response. */
import { connect } from 'node:net';

export interface Exchange {
  /** 0 if there was no response. */
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** The maximum response time in milliseconds; the service's own deadline is ten seconds. */
const maxResponseMs = 15_000;

/** @param request the complete request, with `Connection: close` */
export async function exchange(port: number, request: Buffer): Promise<Exchange> {
  const socket = connect(port, '127.0.0.1');
  const parts: Buffer[] = [];
  socket.on('data', (part: Buffer) => parts.push(part));
  socket.on('error', () => undefined); // what was read before is the response
  const closed = new Promise((resolve) => socket.once('close', resolve));
  const timer = setTimeout(() => socket.destroy(), maxResponseMs);
  socket.write(request);
  await closed;
  clearTimeout(timer);
  return read(Buffer.concat(parts).toString('latin1')); // one character per byte: headers are not UTF-8
}

function read(text: string): Exchange {
  const final = text.replace(/^(?:HTTP\/1\.1 1\d\d [^\r]*\r\n\r\n)+/, '');
  const [head = '', ...rest] = final.split('\r\n\r\n');
  const [statusLine = '', ...lines] = head.split('\r\n');
  const headers = new Headers();
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon > 0) headers.append(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  const body = rest.join('\r\n\r\n');
  const isChunked = headers.get('transfer-encoding') === 'chunked';
  return {
    status: Number(statusLine.split(' ')[1] ?? 0),
    headers,
    body: Buffer.from(isChunked ? withoutChunks(body) : body, 'latin1').toString(),
  };
}

function withoutChunks(body: string): string {
  return body.replace(/(?:^|\r\n)[0-9a-f]+\r\n/g, '').replace(/\r\n$/, '');
}
