/** `GET /diagnostics`: the start-up report as it is now, the verdicts since start, and how this caller's address was found. */
import type { RequestHandler } from 'express';
import type { Finding } from '../config/finding.js';
import type { Metrics } from '../diagnostics/metrics.js';
import { clientAddress } from './client-ip.js';

export interface Diagnostics {
  /** What opens them: `DIAGNOSTICS_TOKEN`. */
  readonly token: string;
  readonly metrics: Promise<Metrics>;
  /** The fields of the `startup` log line, with the database asked anew, once in a while for all who ask. */
  readonly describeStartup: () => Promise<{ readonly findings: readonly Finding[] }>;
}

interface DiagnosticsRouteOptions extends Diagnostics {
  readonly now: () => Date;
  /** Lower-case name of the header that carries the client's address; undefined means the socket. */
  readonly clientIpHeader: string | undefined;
  /** What requests have shown since the start; each is a finding like those of the start. */
  readonly found: readonly Finding[];
}

export function diagnosticsRoute(options: DiagnosticsRouteOptions): RequestHandler {
  const { metrics, describeStartup, now, clientIpHeader, found } = options;

  return async function answerDiagnostics(req, res) {
    const startup = await describeStartup();
    const counted = await metrics;
    res.json({
      time: now(),
      startup: { ...startup, findings: [...startup.findings, ...found] },
      verdicts: { since: counted.since, counts: await counted.readVerdicts() },
      // What rate limits are counted for: two callers on two machines must see two addresses.
      client: clientAddress(req, clientIpHeader),
    });
  };
}
