/** `GET /metrics`: the metrics of this process in Prometheus's text format. */
import type { RequestHandler } from 'express';
import type { Metrics } from '../../metrics/metrics.js';

export function metricsRoute(metrics: Promise<Metrics>): RequestHandler {
  return async function handleMetrics(_req, res) {
    const { contentType, text } = await (await metrics).expose();
    res.setHeader('Content-Type', contentType);
    res.end(text);
  };
}
