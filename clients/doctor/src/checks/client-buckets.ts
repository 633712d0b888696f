/**
 * Whether rate limits count each client in a bucket of its own: a forged address gets no new one, and two clients get
 * two. Sends about twenty requests.
 */
import { isIP } from 'node:net';
import type { DoctorContext } from '../doctor-context.js';
import { fail, ok, unknown, type Finding, type FindingStream } from '../finding.js';
import { NoResponseError, type RequestOptions } from '../http-client.js';
import { isLoopbackHost } from '../service.js';
import { forgedHeaders } from './forged-headers.js';
import { seeServiceLog } from './session-reason.js';

const setClientIpHeader =
  "set CLIENT_IP_HEADER to the header in which your proxy puts the client's address, and let the proxy overwrite what the visitor sent";

/** Exceeds the limit for routes that accept a password. */
const limitedCalls = 6;

/** @param isForgeryChecked whether the deployment report showed already that forged headers are ignored */
export async function* checkClientBuckets(
  context: DoctorContext,
  isForgeryChecked: boolean,
): FindingStream {
  const [own, others] = clientsOf(context);
  // Refused for lack of a session after it was counted, so that nothing changes and no sign-in is held up.
  const call: LimitedCall = async (options) => {
    const url = `${context.authUrl}/api/auth/change-password`;
    return (await context.request(url, { body: {}, ...options })).status;
  };
  const statuses = new Set<number>();
  for (let calls = 1; calls <= limitedCalls && !statuses.has(429); calls += 1) {
    statuses.add(await call(own));
  }
  const unexpected = [...statuses].filter((status) => status !== 429 && !isCounted(status));
  if (unexpected.length > 0) {
    yield unknown('RATE_LIMIT_NOT_CHECKED', {
      message: `change-password responds ${unexpected.join(' and ')} to an empty request, where the service responds 400 or 429`,
      fix: `let the reverse proxy or firewall forward it, and use 429 for limits of its own; ${seeServiceLog}`,
    });
  } else if (!statuses.has(429)) {
    yield fail('NO_RATE_LIMIT', {
      message: `${limitedCalls} consecutive calls of change-password are not limited`,
      impact: 'Passwords can be guessed as fast as the service responds.',
      fix: `each call appears to come from another client: ${setClientIpHeader}`,
    });
  } else {
    if (!isForgeryChecked) yield* checkForgedAddresses(call, own);
    yield* checkTwoClients(call, others);
  }
}

/** @returns the status of the response */
type LimitedCall = (options: RequestOptions) => Promise<number>;

/** The service itself responded, within the limit. A firewall's response to a forged header is neither this nor 429. */
function isCounted(status: number): boolean {
  return status === 400 || status === 401;
}

/** While the bucket of this machine is full, a request that is not limited was counted in another one. */
async function* checkForgedAddresses(call: LimitedCall, own: RequestOptions): FindingStream {
  const believed: string[] = [];
  for (const [name, value] of forgedHeaders()) {
    if (isCounted(await call({ ...own, headers: { [name]: value } }))) believed.push(name);
  }
  if ((await call(own)) !== 429) {
    yield unknown('FORGED_ADDRESS_NOT_CHECKED', {
      message: 'forged address headers were not checked: the limit expired before the last one',
      fix: 'try again',
    });
  } else if (believed.length > 0) {
    yield forgedAddressBelieved(believed);
  } else {
    yield ok('FORGED_ADDRESS_REFUSED', 'a forged address header gets no rate limit of its own');
  }
}

export function forgedAddressBelieved(names: readonly string[]): Finding {
  return fail('FORGED_ADDRESS_BELIEVED', {
    message: `the service trusts a forged ${names.join(' and ')} header`,
    impact: 'With a new address for each attempt, passwords can be guessed without a limit.',
    fix: setClientIpHeader,
  });
}

async function* checkTwoClients(call: LimitedCall, others: RequestOptions[]): FindingStream {
  const statuses: number[] = [];
  try {
    for (const client of others) statuses.push(await call(client));
  } catch (error) {
    if (!(error instanceof NoResponseError)) throw error;
    yield unknown('TWO_CLIENTS_NOT_CHECKED', {
      message: `two clients could not be simulated: this machine has only one route there (${error.code})`,
      fix: 'pass --local-address twice, with addresses that reach the service as two clients',
    });
    return;
  }
  if (statuses.some(isCounted)) {
    yield ok('TWO_BUCKETS', 'two clients have separate rate limits');
    return;
  }
  yield fail('SHARED_RATE_LIMIT', {
    message: 'two clients share one rate limit',
    impact: "Three sign-ins in ten seconds, from any client, block everyone's.",
    fix: setClientIpHeader,
  });
}

/** The client that exhausts its limit, and the ones of which at least one must still have its own. */
function clientsOf({ authUrl, localAddresses }: DoctorContext): [RequestOptions, RequestOptions[]] {
  const host = new URL(authUrl).hostname;
  const addresses =
    localAddresses.length === 0 && isLoopbackHost(host) && host !== '[::1]'
      ? ['127.0.0.1', '127.0.0.2']
      : localAddresses;
  const [own, other] = addresses.map((address) => ({
    localAddress: address,
    family: isIP(address) as 4 | 6,
  }));
  if (own !== undefined && other !== undefined) return [own, [other]];
  // One of the two is the IP version already used; where both get 429, the service counts them as one client.
  return [own ?? {}, [{ family: 4 }, { family: 6 }]];
}
