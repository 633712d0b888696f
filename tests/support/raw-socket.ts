/** Sends raw bytes: for requests that HTTP clients refuse to send. */
import { connect } from 'node:net';
import { once } from 'node:events';
import type { TestService } from './test-service.js';

export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/**
 * @param head the request line and further header lines; `Host` and `Connection: close` are added
 */
export async function sendRaw(
  service: Pick<TestService, 'url'>,
  head: readonly string[],
): Promise<RawAnswer> {
  const socket = connect(Number(new URL(service.url).port), '127.0.0.1');
  let text = '';
  socket.setEncoding('latin1').on('data', (part: string) => (text += part));
  const [requestLine, ...lines] = head;
  const host = lines.some((line) => /^host:/i.test(line)) ? [] : ['Host: localhost'];
  socket.write([requestLine, ...host, ...lines, 'Connection: close', '', ''].join('\r\n'));
  await once(socket, 'close');
  const [top = '', body = ''] = text.split('\r\n\r\n');
  const [statusLine = '', ...headerLines] = top.split('\r\n');
  const headers = new Headers();
  for (const line of headerLines) {
    const colon = line.indexOf(':');
    headers.append(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  return { status: Number(statusLine.split(' ')[1]), headers, body };
}
