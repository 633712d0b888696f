/** A receiver of OTLP over HTTP with JSON, which can also misbehave. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Value = { readonly [Type in 'stringValue' | 'intValue' | 'doubleValue']?: string | number };
interface Attribute {
  readonly key: string;
  readonly value: Value;
}

export interface ReceivedSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly status?: { readonly code?: number };
}

interface DataPoint {
  readonly attributes: readonly Attribute[];
  readonly asDouble?: number;
  readonly sum?: number;
  readonly count?: number;
  readonly bucketCounts?: readonly number[];
  readonly explicitBounds?: readonly number[];
}

interface Points {
  readonly dataPoints: readonly DataPoint[];
  readonly isMonotonic?: boolean;
  readonly aggregationTemporality?: number;
}

interface ReceivedMetric {
  readonly name: string;
  readonly sum?: Points;
  readonly gauge?: Points;
  readonly histogram?: Points;
}

export interface OtlpReceiver {
  readonly url: string;
  readonly spans: ReceivedSpan[];
  /** Of the last export. */
  readonly metrics: ReceivedMetric[];
  readonly resource: Record<string, unknown>;
  readonly requests: { readonly path: string; readonly headers: IncomingMessage['headers'] }[];
  /** All bodies, as text. */
  readonly text: () => string;
  /** Answers instead of accepting; undefined accepts again. */
  misbehave(answer: ((req: IncomingMessage, res: ServerResponse) => void) | undefined): void;
  stop(): Promise<void>;
}

export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  let answer: ((req: IncomingMessage, res: ServerResponse) => void) | undefined;
  let text = '';
  const received = {
    spans: [] as ReceivedSpan[],
    metrics: [] as ReceivedMetric[],
    resource: {} as Record<string, unknown>,
    requests: [] as { path: string; headers: IncomingMessage['headers'] }[],
  };
  const server = createServer((req, res) => {
    let body = '';
    req.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    req.on('end', () => {
      received.requests.push({ path: req.url ?? '', headers: req.headers });
      if (answer !== undefined) {
        answer(req, res);
        return;
      }
      text += body;
      read(JSON.parse(body) as Body);
      res.setHeader('Content-Type', 'application/json').end('{}');
    });
  });

  interface Body {
    readonly resourceSpans?: readonly {
      readonly resource: { readonly attributes: readonly Attribute[] };
      readonly scopeSpans: readonly {
        readonly spans: readonly (Omit<ReceivedSpan, 'attributes'> & {
          readonly attributes: readonly Attribute[];
        })[];
      }[];
    }[];
    readonly resourceMetrics?: readonly {
      readonly scopeMetrics: readonly { readonly metrics: readonly ReceivedMetric[] }[];
    }[];
  }

  function read({ resourceSpans = [], resourceMetrics = [] }: Body): void {
    for (const { resource, scopeSpans } of resourceSpans) {
      Object.assign(received.resource, toRecord(resource.attributes));
      for (const { spans } of scopeSpans) {
        for (const span of spans) {
          received.spans.push({ ...span, attributes: toRecord(span.attributes) });
        }
      }
    }
    for (const { scopeMetrics } of resourceMetrics) {
      received.metrics.splice(0, Infinity, ...scopeMetrics.flatMap(({ metrics }) => metrics));
    }
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    ...received,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    text: () => text,
    misbehave: (other) => (answer = other),
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function toRecord(attributes: readonly Attribute[]): Record<string, unknown> {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [key, Object.values(value)[0] as unknown]),
  );
}
