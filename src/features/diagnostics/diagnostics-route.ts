/**
 * `GET /diagnostics`: the current startup report, session checks and mails by reason, and how the caller's address was
 * found.
 */
import type { RequestHandler } from 'express';
import type { Finding } from '../../config/finding.js';
import { clientAddress } from '../../http/client-ip.js';
import type { MailReport } from '../../mailer.js';
import type { Metrics } from '../../metrics/metrics.js';

export interface DiagnosticsRouteOptions {
  readonly metrics: Promise<Metrics>;
  /** The fields of the `startup` log line, as they are now. */
  readonly describeStartup: () => Promise<{ readonly findings: readonly Finding[] }>;
  /** Undefined where no mail transport is configured. */
  readonly describeMail: (() => Promise<MailReport>) | undefined;
  readonly now: () => Date;
  /** Lower-case name of the header that carries the client's address; undefined means the socket. */
  readonly clientIpHeader: string | undefined;
  /** What requests have revealed since the start. */
  readonly requestFindings: readonly Finding[];
}

export function diagnosticsRoute(options: DiagnosticsRouteOptions): RequestHandler {
  const { metrics, describeStartup, now, clientIpHeader, requestFindings, describeMail } = options;

  return async function handleDiagnostics(req, res) {
    const startup = await describeStartup();
    const counts = await metrics;
    // Without a database the rest of the report is needed most.
    const mail = await describeMail?.().catch(() => undefined);
    res.json({
      time: now(),
      startup: { ...startup, findings: [...startup.findings, ...requestFindings] },
      verdicts: { since: counts.since, counts: await counts.readVerdicts() },
      ...(mail && { mail }),
      // The address that rate limits count: two callers on two machines must see two addresses.
      client: clientAddress(req, clientIpHeader),
    });
  };
}
