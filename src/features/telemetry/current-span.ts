/**
 * The span of the request that is being handled. A storage of our own instead of OpenTelemetry's global context, so that
 * libraries with spans of their own, such as BetterAuth, add none with attributes that we do not know.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Span } from '@opentelemetry/api';

export const currentSpan = new AsyncLocalStorage<Span>();

/** Names as OpenTelemetry recommends for logs in other formats (Trace Context in non-OTLP Log Formats). */
export function traceFields(span = currentSpan.getStore()): Readonly<Record<string, string>> {
  if (span === undefined) return {};
  const { traceId, spanId } = span.spanContext();
  return { trace_id: traceId, span_id: spanId };
}
