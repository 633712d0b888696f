/** What the deployment says of itself: its start-up findings, its verdicts, and whom it takes this machine for. */
import { isIP } from 'node:net';
import { isLoopbackHost } from '../../config/site.js';
import { isSignedIn, reasonTable, type Reason } from '../../session/reasons.js';
import { readDiagnostics, type Diagnostics } from '../diagnostics.js';
import type { Examination } from '../examination.js';
import { fail, ok, unknown, warn, type Finding, type Findings } from '../finding.js';
import { advice, quoted } from '../foreign-text.js';
import { forgedAddressBelieved } from './rate-limits.js';
import { forgedHeaders } from './forged-headers.js';

/** @returns what it told, where it did */
export async function* examineOwnReport(
  examination: Examination,
): Findings<Diagnostics | undefined> {
  const { authUrl } = examination;
  const read = await readDiagnostics(examination, authUrl);
  if ('finding' in read) {
    yield read.finding;
    return undefined;
  }
  const { told } = read;
  const faults = told.startup.findings.filter(({ level }) => level !== 'info');
  for (const { level, code, variable, message, fix } of faults) {
    const complaint = {
      seen: quoted(`${variable} ${message}`),
      why: 'The deployment says so of itself.',
      fix: advice(fix),
    };
    yield level === 'error' ? fail(quoted(code), complaint) : warn(quoted(code), complaint);
  }
  if (faults.length === 0)
    yield ok('OWN_REPORT', 'its start-up report has nothing to complain about');
  yield* verdicts(told);
  yield await clientAddress(examination, told);
  return told;
}

/** Happen to everybody: sessions end, and visitors come without one. */
const ordinary: readonly Reason[] = ['no_credential', 'session_not_found', 'session_expired'];

/** What is rarer is the odd caller, or an examination like this one. */
const fewest = 10;

/** Each examination leaves a dozen without a credential, and it may be repeated where nobody signed in yet. */
const fewestWithout = 100;

function* verdicts({ verdicts: { since, counts } }: Diagnostics): Generator<Finding> {
  const entries = Object.entries(counts).filter(([reason]) =>
    Object.hasOwn(reasonTable, reason),
  ) as [Reason, number][];
  const all = entries.reduce((sum, [, count]) => sum + count, 0);
  const signedIn = entries.reduce((sum, [reason, n]) => sum + (isSignedIn(reason) ? n : 0), 0);
  let isOdd = false;
  for (const [reason, count] of entries) {
    if (isSignedIn(reason) || ordinary.includes(reason) || count < fewest || count < all / 100)
      continue;
    isOdd = true;
    yield warn('VERDICTS', {
      seen: `${count} of ${all} session checks since ${quoted(since)} ended with ${reason}`,
      why: `That is: ${reasonTable[reason].meaning}.`,
      fix: reasonTable[reason].fix,
    });
  }
  const { no_credential: without = 0 } = counts;
  if (without >= fewestWithout && signedIn < without / 100) {
    isOdd = true;
    yield warn('VERDICTS', {
      seen: `${without} of ${all} session checks since ${quoted(since)} came without any credential, ${signedIn} were signed in`,
      why: 'A session that is never sent looks like one that was never there.',
      fix: "let pages fetch with credentials: 'include', and APIs forward the Cookie header",
    });
  }
  if (!isOdd)
    yield ok('VERDICTS', `${all} session checks since ${quoted(since)}, ${signedIn} signed in`);
}

async function clientAddress(examination: Examination, told: Diagnostics): Promise<Finding> {
  const { authUrl } = examination;
  const { address } = told.client;
  const believed: string[] = [];
  for (const [name, value] of forgedHeaders()) {
    const read = await readDiagnostics(examination, authUrl, { headers: { [name]: value } });
    if ('told' in read && value.replace('for=', '') === read.told.client.address)
      believed.push(name);
  }
  if (believed.length > 0) return forgedAddressBelieved(believed);
  if (isIP(address) === 0) {
    return unknown('CLIENT_ADDRESS_NOT_EXAMINED', {
      seen: 'the service tells no address for which it takes this machine',
      fix: 'use the version of this command that was deployed',
    });
  }
  const { hostname } = new URL(authUrl);
  if (isInternal(address) && !isLoopbackHost(hostname) && !isInternal(hostname)) {
    return fail('ALL_IN_ONE_BUCKET', {
      seen: `the service takes this machine for ${quoted(address)}, an address of its own network`,
      why: 'It counts its proxy instead of the clients: three sign-ins in ten seconds lock everybody out.',
      fix: 'set CLIENT_IP_HEADER to the header in which your proxy puts the client',
    });
  }
  return ok('CLIENT_ADDRESS', 'the service believes no forged address');
}

/** RFC 1918, 6598 and 4193, link-local and loopback: nobody comes from there over the internet. */
function isInternal(address: string): boolean {
  return /^(?:::ffff:)?(?:10|127|169\.254|192\.168|172\.(?:1[6-9]|2\d|3[01])|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\.|^::1$|^f[cd]|^fe80/i.test(
    address,
  );
}
