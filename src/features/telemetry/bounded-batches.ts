/** OpenTelemetry's batches, which drop spans beyond a bound, with a count of what was dropped. */
import { ExportResultCode } from '@opentelemetry/core';
import {
  BatchSpanProcessor,
  type ReadableSpan,
  type SpanExporter,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace';
import type { ReportLoss } from './report-loss.js';

/** Some megabytes: a receiver that hangs costs no more memory than this. */
const maxQueueSize = 2_048;
const maxExportBatchSize = 512;
const everyMs = 5_000;
/** Longer than the exporter's own timeout, which then applies. */
const exportTimeoutMillis = 30_000;

export function createBoundedBatches(
  exporter: SpanExporter,
  reportLoss: ReportLoss,
): SpanProcessor {
  let queued = 0;
  const batches = new BatchSpanProcessor({
    maxQueueSize,
    maxExportBatchSize,
    scheduledDelayMillis: everyMs,
    exportTimeoutMillis,
    exporter: {
      export(spans, done) {
        queued -= spans.length;
        exporter.export(spans, (result) => {
          const isLost = result.code !== ExportResultCode.SUCCESS;
          if (isLost) reportLoss('traces_not_exported', spans.length, result.error);
          // Already reported: the processor would report it again to OpenTelemetry's own log.
          done({ code: ExportResultCode.SUCCESS });
        });
      },
      shutdown: () => exporter.shutdown(),
    },
  });
  return {
    onStart: (span, context) => batches.onStart(span, context),
    onEnd(span: ReadableSpan) {
      const isSampled = (span.spanContext().traceFlags & 1) === 1;
      if (!isSampled) return;
      if (queued >= maxQueueSize) {
        reportLoss('queue_full', 1);
        return;
      }
      queued += 1;
      batches.onEnd(span);
    },
    forceFlush: () => batches.forceFlush(),
    shutdown: () => batches.shutdown(),
  };
}
