/** A receiver that fails costs traces, never a request. */
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { createBoundedBatches } from '../../../src/features/telemetry/bounded-batches.js';
import { createReportLoss } from '../../../src/features/telemetry/report-loss.js';
import { startOtlpReceiver, type OtlpReceiver } from '../../support/otlp-receiver.js';
import { startTestService, type LogLine, type TestService } from '../../support/test-service.js';
import { until } from '../../support/until.js';

const started: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of started.splice(0).reverse()) await each.stop();
});

async function start(url: string): Promise<TestService> {
  const service = await startTestService({
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: url,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-key=zq7secret',
      OTEL_METRICS_EXPORTER: 'none',
    },
    waitUntil: () => undefined, // each response flushes, as on Vercel
  });
  started.push(service);
  return service;
}

async function receiver(): Promise<OtlpReceiver> {
  const receiving = await startOtlpReceiver();
  started.push(receiving);
  return receiving;
}

/** Sends requests until a loss is logged; each must be answered as if nothing had happened. */
async function lossOf(service: TestService) {
  const isLoss = ({ code }: LogLine) => code === 'TELEMETRY_NOT_EXPORTED';
  await until(async () => {
    const startedAt = performance.now();
    const response = await fetch(`${service.url}/session`);
    expect(response.status).toBe(401);
    expect(performance.now() - startedAt).toBeLessThan(3_000);
    return service.logLines().some(isLoss);
  });
  const lines = service.logLines().filter(isLoss);
  expect(lines).toHaveLength(1); // one a minute
  expect(service.logText()).not.toContain('zq7secret');
  return lines[0];
}

describe('requests are answered, and one log line a minute reports a receiver that', () => {
  test('answers 500', async () => {
    const receiving = await receiver();
    receiving.misbehave((_req, res) => res.writeHead(500).end('broken'));
    const line = await lossOf(await start(receiving.url));
    expect(line).toMatchObject({
      level: 'warn',
      variable: 'OTEL_EXPORTER_OTLP_ENDPOINT',
      cause: 'traces_not_exported',
      dropped: expect.any(Number) as number,
    });
  });

  test('asks to wait for an hour', async () => {
    const receiving = await receiver();
    receiving.misbehave((_req, res) => res.writeHead(429, { 'Retry-After': '3600' }).end());
    await lossOf(await start(receiving.url));
  });

  test('hangs', async () => {
    const receiving = await receiver();
    receiving.misbehave(() => undefined);
    await lossOf(await start(receiving.url));
  });

  test('sends a byte now and then, and is given up', async () => {
    const receiving = await receiver();
    const closed: Promise<unknown>[] = [];
    receiving.misbehave(({ socket }) => {
      socket.write('HTTP/1.1 200 OK\r\nx-slow: ');
      const timer = setInterval(() => socket.write('a'), 200);
      closed.push(once(socket, 'close').then(() => clearInterval(timer)));
    });
    await lossOf(await start(receiving.url));
    await Promise.all(closed); // none of them holds an export any more
  });

  test('drops connections', async () => {
    const receiving = await receiver();
    receiving.misbehave((req) => req.socket.destroy());
    await lossOf(await start(receiving.url));
  });

  test('speaks another protocol', async () => {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined).end('SSH-2.0-OpenSSH_9.9\r\n');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    started.push({
      async stop() {
        for (const socket of sockets) socket.destroy();
        await new Promise((resolve) => server.close(resolve));
      },
    });
    await lossOf(await start(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });

  test('cannot be found', async () => {
    await lossOf(await start('http://127.0.0.1:9'));
  });
});

test('a receiver that asks to wait a second gets the spans afterwards', async () => {
  const receiving = await receiver();
  receiving.misbehave((_req, res) => {
    res.writeHead(429, { 'Retry-After': '1' }).end();
    receiving.misbehave(undefined);
  });
  const service = await start(receiving.url);
  await (await fetch(`${service.url}/session`)).text();
  await until(() => receiving.spans.length > 0);
  expect(receiving.requests.length).toBeGreaterThan(1);
});

test('beyond 2,048 spans that wait, spans are dropped and counted', () => {
  const losses: unknown[] = [];
  const batches = createBoundedBatches(
    { export: () => undefined, shutdown: () => Promise.resolve() },
    (...loss) => void losses.push(loss),
  );
  const span = { spanContext: () => ({ traceFlags: 1 }), resource: {} };
  // The first 512 are taken by an export that never ends.
  for (let index = 0; index < 512 + 2_048 + 3; index += 1) batches.onEnd(span as never);
  expect(losses).toEqual(Array(3).fill(['queue_full', 1]));
});

test('losses are counted one by one and logged once a minute, with how many there were', () => {
  let time = 0;
  const lines: unknown[] = [];
  const counted: string[] = [];
  const report = createReportLoss(
    { warn: (fields: object) => void lines.push(fields) } as never,
    (_counter, value) => void counted.push(value),
    () => time,
  );
  report('queue_full', 2);
  report('traces_not_exported', 3, new Error('refused'));
  time = 60_000;
  report('queue_full', 1);
  expect(lines).toMatchObject([
    { cause: 'queue_full', dropped: 2 },
    { cause: 'queue_full', dropped: 4 },
  ]);
  expect(counted).toEqual([
    ...['queue_full', 'queue_full'],
    ...Array<string>(3).fill('traces_not_exported'),
    'queue_full',
  ]);
});
