/** OpenTelemetry's SDK, set up for this service. Loaded late: nothing of it is read where telemetry is off. */
import { randomUUID } from 'node:crypto';
import type { Tracer } from '@opentelemetry/api';
import { ExportResultCode, type ExportResult } from '@opentelemetry/core';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
  type Sampler,
} from '@opentelemetry/sdk-trace';
import type { Metrics } from '../../metrics/metrics.js';
import { version } from '../../version.js';
import { boundedAgent } from './bounded-agent.js';
import { createBoundedBatches } from './bounded-batches.js';
import type { TelemetrySettings } from './feature.js';
import { toMetricData } from './metric-data.js';
import type { ReportLoss } from './report-loss.js';

/** Of one export, retries included. Less than what a platform gives a function after its response. */
const exportTimeoutMs = 5_000;

/** Exports at once; more only happen on a platform that suspends the process, where each request flushes. */
const exportsAtOnce = 4;

/** In characters: a longer text in an attribute is cut. */
const maxAttributeLength = 300;

export interface Sdk {
  /** Undefined where no traces are sent. */
  readonly tracer: Tracer | undefined;
  /** Sends the metrics as they are now. Never rejects. */
  exportMetrics(metrics: Metrics, now: Date): Promise<void>;
  /** Sends the spans that have ended. Never rejects. */
  flush(): Promise<void>;
}

/** @param environment the deployment's, such as `production` */
export function createSdk(
  settings: TelemetrySettings,
  environment: string,
  reportLoss: ReportLoss,
): Sdk {
  const resource = resourceFromAttributes({
    'deployment.environment.name': environment,
    ...settings.resourceAttributes,
    'service.name': settings.serviceName,
    'service.version': version,
    'service.instance.id': randomUUID(),
  });
  const optionsFor = (path: string) => ({
    url: `${settings.endpoint}${path}`,
    headers: { ...settings.headers },
    timeoutMillis: exportTimeoutMs,
    concurrencyLimit: exportsAtOnce,
    httpAgentOptions: boundedAgent(exportTimeoutMs),
  });
  const batches = createBoundedBatches(new OTLPTraceExporter(optionsFor('/v1/traces')), reportLoss);
  const provider = new TracerProvider({
    resource,
    sampler: createSampler(settings),
    spanProcessors: [batches],
    spanLimits: { attributeValueLengthLimit: maxAttributeLength },
  });
  const metricExporter = new OTLPMetricExporter(optionsFor('/v1/metrics'));

  return {
    tracer: settings.traces ? provider.getTracer('auth-service', version) : undefined,
    async exportMetrics(metrics, now) {
      if (!settings.metrics) return;
      const scope = { name: 'auth-service', version };
      const data = toMetricData(await metrics.readValues(), metrics.since, now);
      const result = await new Promise<ExportResult>((resolve) => {
        metricExporter.export({ resource, scopeMetrics: [{ scope, metrics: data }] }, resolve);
      });
      if (result.code === ExportResultCode.SUCCESS) return;
      reportLoss('metrics_not_exported', 1, result.error);
    },
    async flush() {
      await batches.forceFlush().catch(() => undefined); // reported as a loss
    },
  };
}

function createSampler({ sampler, ratio }: TelemetrySettings): Sampler {
  const root = rootSampler(sampler.replace('parentbased_', ''), ratio);
  return sampler.startsWith('parentbased_') ? new ParentBasedSampler({ root }) : root;
}

function rootSampler(name: string, ratio: number): Sampler {
  if (name === 'traceidratio') return new TraceIdRatioBasedSampler(ratio);
  return name === 'always_off' ? new AlwaysOffSampler() : new AlwaysOnSampler();
}
