/** One timeout for all queries of a startup report. */
import { withTimeout } from '../http/with-timeout.js';
import type { describeStartup } from './startup-report.js';

export type ReportSources = Parameters<typeof describeStartup>[0];

/** The same report with one timeout for all of its queries: those that exceed it are left out. */
export function withReportTimeout(report: ReportSources, milliseconds: number): ReportSources {
  const endsAt = performance.now() + milliseconds;
  const limit = <T>(work: Promise<T>) => withTimeout(work, Math.max(1, endsAt - performance.now()));
  return {
    config: report.config,
    readState: () => limit(report.readState()),
    readLimitState: report.readLimitState,
    writeCanary: () => limit(report.writeCanary()),
    findEarlierCookie: () => limit(report.findEarlierCookie()),
    findProductionCanary: () => limit(report.findProductionCanary()),
    findFeatureFaults: () => limit(report.findFeatureFaults()),
  };
}
