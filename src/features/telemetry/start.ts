/** Starts the telemetry. Loaded late, with all of OpenTelemetry. */
import { SpanKind, SpanStatusCode, trace, ROOT_CONTEXT, type Tracer } from '@opentelemetry/api';
import type { Middleware } from '../../http/middleware.js';
import { sqlState } from '../../log/error-chain.js';
import type { FeatureServices } from '../slots.js';
import { currentSpan } from './current-span.js';
import type { TelemetrySettings } from './feature.js';
import type { ReportLoss } from './report-loss.js';
import { createSdk } from './sdk.js';
import type { StartChild } from './start-child.js';
import { traceRequests } from './trace-requests.js';

export interface Telemetry {
  /** Undefined where no traces are sent. */
  readonly traceRequest: Middleware | undefined;
  readonly startChild: StartChild;
  /** Sends the metrics, if the last time was a minute ago. Never rejects. */
  sendMetricsWhenDue(): Promise<void>;
  /** Sends what is left. Never rejects. */
  finish(): Promise<void>;
}

/** The default of OpenTelemetry. */
const metricsEveryMs = 60_000;

export function startTelemetry(
  settings: TelemetrySettings,
  { config, auth, metrics, now, waitUntil }: FeatureServices,
  reportLoss: ReportLoss,
): Telemetry {
  const sdk = createSdk(settings, config.environment, reportLoss);
  let metricsSentAt = performance.now();

  async function sendMetrics(): Promise<void> {
    metricsSentAt = performance.now();
    if (metrics !== undefined) await sdk.exportMetrics(await metrics, now());
  }

  async function sendMetricsWhenDue(): Promise<void> {
    if (performance.now() - metricsSentAt >= metricsEveryMs) await sendMetrics();
  }

  return {
    traceRequest:
      sdk.tracer &&
      traceRequests({
        tracer: sdk.tracer,
        auth,
        baseUrl: config.baseUrl,
        // The process may be suspended after the response, and so would be the timers of the SDK.
        onRequest(spanEnded) {
          waitUntil?.(spanEnded.then(() => Promise.all([sdk.flush(), sendMetricsWhenDue()])));
        },
      }),
    startChild: createStartChild(sdk.tracer),
    sendMetricsWhenDue,
    async finish() {
      await Promise.all([sdk.flush(), sendMetrics()]);
    },
  };
}

function createStartChild(tracer: Tracer | undefined): StartChild {
  return function startChild(name, attributes) {
    const parent = currentSpan.getStore();
    if (tracer === undefined || parent === undefined || !parent.isRecording()) return undefined;
    const span = tracer.startSpan(
      name,
      { kind: SpanKind.CLIENT, attributes },
      trace.setSpan(ROOT_CONTEXT, parent),
    );
    return (error) => {
      if (error !== undefined && error !== null) {
        span.setAttribute('error.type', errorType(error));
        span.setStatus({ code: SpanStatusCode.ERROR });
      }
      span.end();
    };
  };
}

/** An SQLSTATE or the error's class: its message may quote a value. */
function errorType(error: unknown): string {
  return sqlState(error) ?? (error instanceof Error ? error.constructor.name : typeof error);
}
