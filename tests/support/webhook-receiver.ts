/** A receiver of webhooks on loopback, which can misbehave. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

interface ReceivedWebhook {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly type: string;
  readonly userId: string | null;
}

export interface WebhookReceiver {
  readonly url: string;
  readonly received: ReceivedWebhook[];
  /** What the receiver answers from now on; `hang` never answers, `drop` closes the connection. */
  answer: number | 'hang' | 'drop';
  /** Resolves with the received webhooks once there are that many. The test's timeout limits the wait. */
  waitFor(count: number): Promise<readonly ReceivedWebhook[]>;
  close(): void;
}

export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const server = createServer((req, res) => {
    let body = '';
    req.setEncoding('utf8');
    req.on('data', (chunk: string) => (body += chunk));
    req.on('end', () => {
      const { type, data } = JSON.parse(body) as { type: string; data: { userId: string | null } };
      receiver.received.push({ headers: req.headers, body, type, userId: data.userId });
      if (receiver.answer === 'drop') req.socket.destroy();
      else if (receiver.answer !== 'hang') {
        res
          .writeHead(receiver.answer, { location: 'http://127.0.0.1:9/' })
          .end('x'.repeat(100_000));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const receiver: WebhookReceiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`,
    received: [],
    answer: 200,
    async waitFor(count) {
      while (receiver.received.length < count) await new Promise((done) => setTimeout(done, 10));
      return receiver.received;
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
  return receiver;
}
