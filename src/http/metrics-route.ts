/** `GET /metrics`: what this process has counted, in Prometheus's text format. */
import type { RequestHandler } from 'express';
import type { Metrics } from '../diagnostics/metrics.js';

export function metricsRoute(metrics: Promise<Metrics>): RequestHandler {
  return async function answerMetrics(_req, res) {
    const { contentType, text } = await (await metrics).expose();
    res.setHeader('Content-Type', contentType);
    res.end(text);
  };
}
