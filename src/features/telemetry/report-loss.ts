/** Reports what could not be exported: each loss in a counter, and one log line a minute. */
import type { Count } from '../../counters.js';
import type { Logger } from '../../log/logger.js';
import { throttleLines } from '../../log/throttle-lines.js';
import { counterName, type DropCause } from './counters.js';

/** @param items that were lost; @param error undefined where the queue was full */
export type ReportLoss = (cause: DropCause, items: number, error?: unknown) => void;

/** @param now a monotonic clock in milliseconds */
export function createReportLoss(
  logger: Pick<Logger, 'warn'>,
  count: Count,
  now?: () => number,
): ReportLoss {
  const omittedLines = throttleLines(now);
  let dropped = 0;
  return function reportLoss(cause, items, err) {
    for (let item = 0; item < items; item += 1) count(counterName, cause);
    dropped += items;
    if (omittedLines() === undefined) return;
    logger.warn(
      {
        code: 'TELEMETRY_NOT_EXPORTED',
        variable: 'OTEL_EXPORTER_OTLP_ENDPOINT',
        cause,
        dropped,
        ...(err !== undefined && { err }),
        fix: 'check the address, OTEL_EXPORTER_OTLP_HEADERS and the receiver; requests are not affected',
      },
      'traces or metrics were lost',
    );
    dropped = 0;
  };
}
