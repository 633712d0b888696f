/** What the deployment reports about itself: its startup findings, its session checks, and this machine's address. */
import { isIP } from 'node:net';
import { readDiagnostics, type Diagnostics } from '../diagnostics.js';
import type { DoctorContext } from '../doctor-context.js';
import { fail, ok, unknown, warn, type Finding, type FindingStream } from '../finding.js';
import { endReasons, isLoopbackHost, isSignedIn, reasonTable, type Reason } from '../service.js';
import { sanitizeFix, sanitizeForTerminal } from '../untrusted-text.js';
import { forgedHeaders } from './forged-headers.js';
import { forgedAddressBelieved } from './client-buckets.js';
import { isReason } from './session-reason.js';

/** @returns the report, where it could be read */
export async function* checkDeploymentReport(
  context: DoctorContext,
): FindingStream<Diagnostics | undefined> {
  const result = await readDiagnostics(context, context.authUrl);
  if ('finding' in result) {
    yield result.finding;
    return undefined;
  }
  const { report } = result;
  const faults = report.startup.findings.filter(({ level }) => level !== 'info');
  for (const { level, code, variable, message, fix } of faults) {
    const details = {
      message: sanitizeForTerminal(`${variable} ${message}`),
      impact: 'The deployment reported this at start.',
      fix: sanitizeFix(fix),
    };
    yield level === 'error'
      ? fail(sanitizeForTerminal(code), details)
      : warn(sanitizeForTerminal(code), details);
  }
  if (faults.length === 0) yield ok('OWN_REPORT', 'its startup report has no errors or warnings');
  yield* checkVerdicts(report);
  yield await checkClientAddress(context, report);
  return report;
}

/** Reasons that occur in every deployment: sessions end, and visitors come without one. */
const ordinaryReasons: readonly Reason[] = [
  'no_credential',
  ...endReasons,
  'session_not_found',
  'second_factor_required',
  'second_factor_enrolment_required',
];

/** Fewer come from single misbehaving clients, or from a run of this command. */
const minimumCount = 10;

/** Each run makes a dozen checks without a credential, and may be repeated before the first user signs in. */
const minimumWithoutCredential = 100;

function* checkVerdicts({ verdicts: { since, counts } }: Diagnostics): Generator<Finding> {
  const entries = Object.entries(counts).filter(([reason]) => isReason(reason)) as [
    Reason,
    number,
  ][];
  const total = entries.reduce((sum, [, count]) => sum + count, 0);
  const signedIn = entries.reduce((sum, [reason, n]) => sum + (isSignedIn(reason) ? n : 0), 0);
  let hasWarning = false;
  for (const [reason, count] of entries) {
    if (isSignedIn(reason) || ordinaryReasons.includes(reason)) continue;
    if (count < minimumCount || count < total / 100) continue;
    hasWarning = true;
    yield warn('VERDICTS', {
      message: `${count} of ${total} session checks since ${sanitizeForTerminal(since)} ended with ${reason}`,
      impact: `Meaning: ${reasonTable[reason].meaning}.`,
      fix: reasonTable[reason].fix,
    });
  }
  const { no_credential: without = 0 } = counts;
  if (without >= minimumWithoutCredential && signedIn < without / 100) {
    hasWarning = true;
    yield warn('VERDICTS', {
      message: `${without} of ${total} session checks since ${sanitizeForTerminal(since)} had no credential, ${signedIn} were signed in`,
      impact: 'A session that is never sent looks like a session that does not exist.',
      fix: "let pages fetch with credentials: 'include', and APIs forward the Cookie header",
    });
  }
  if (!hasWarning) {
    yield ok(
      'VERDICTS',
      `${total} session checks since ${sanitizeForTerminal(since)}, ${signedIn} signed in`,
    );
  }
}

async function checkClientAddress(context: DoctorContext, report: Diagnostics): Promise<Finding> {
  const { authUrl } = context;
  const { address } = report.client;
  const believed: string[] = [];
  for (const [name, value] of forgedHeaders()) {
    const result = await readDiagnostics(context, authUrl, { headers: { [name]: value } });
    if ('report' in result && value.replace('for=', '') === result.report.client.address)
      believed.push(name);
  }
  if (believed.length > 0) return forgedAddressBelieved(believed);
  if (isIP(address) === 0) {
    return unknown('CLIENT_ADDRESS_NOT_CHECKED', {
      message: "the service does not report this machine's address",
      fix: "use this command in the deployment's version",
    });
  }
  const { hostname } = new URL(authUrl);
  if (isPrivateAddress(address) && !isLoopbackHost(hostname) && !isPrivateAddress(hostname)) {
    return fail('SHARED_RATE_LIMIT', {
      message: `the service sees this machine as ${sanitizeForTerminal(address)}, a private address`,
      impact:
        "It counts its proxy instead of the clients, so three sign-ins in ten seconds block everyone's.",
      fix: "set CLIENT_IP_HEADER to the header in which your proxy puts the client's address",
    });
  }
  return ok('CLIENT_ADDRESS', 'the service ignores forged address headers');
}

/** RFC 1918, 6598 and 4193, link-local and loopback: no client on the internet has such an address. */
function isPrivateAddress(address: string): boolean {
  return /^(?:::ffff:)?(?:10|127|169\.254|192\.168|172\.(?:1[6-9]|2\d|3[01])|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\.|^::1$|^f[cd]|^fe80/i.test(
    address,
  );
}
