/**
 * Whom the service counts as one client: whoever forges a header gets no bucket of its own, two clients get two, and a
 * backend that asks for all its visitors is not limited. Asks about 260 times, all but a few for nobody's session.
 */
import { isIP } from 'node:net';
import { isLoopbackHost } from '../../config/site.js';
import type { Examination } from '../examination.js';
import { fail, ok, unknown, type Findings } from '../finding.js';
import { NoAnswerError, type AskOptions } from '../http-client.js';
import { forgedHeaders } from './forged-headers.js';

const otherBucket =
  'set CLIENT_IP_HEADER to the header in which your proxy puts the client, and let it overwrite what the visitor sent';

/** More than the limit for what guesses passwords. */
const limitedTries = 6;

/** @param isForgeryExamined whether it is known already that no forged header is believed */
export async function* examineRateLimits(
  examination: Examination,
  isForgeryExamined: boolean,
): Findings {
  const [own, other] = clientsOf(examination);
  // Refused for want of a session, after it was counted: nothing changes, and nobody's sign-in is held up.
  const call: Call = async (options) => {
    const url = `${examination.authUrl}/api/auth/change-password`;
    return (await examination.ask(url, { body: {}, ...options })).status;
  };
  const statuses = new Set<number>();
  for (let tries = 1; tries <= limitedTries && !statuses.has(429); tries += 1) {
    statuses.add(await call(own));
  }
  const unexpected = [...statuses].filter((status) => status !== 429 && !isCounted(status));
  if (unexpected.length > 0) {
    yield unknown('RATE_LIMIT_NOT_EXAMINED', {
      seen: `change-password is answered ${unexpected.join(' and ')} to an empty call, where the service says 400 or 429`,
      fix: "let what stands in front pass it on, and limit by 429 if it limits; the service's log names the cause",
    });
  } else if (!statuses.has(429)) {
    yield fail('NO_RATE_LIMIT', {
      seen: `${limitedTries} calls of change-password in a row are answered without a limit`,
      why: 'Passwords can be guessed as fast as the service answers.',
      fix: `${otherBucket}: each call seems to come from another client`,
    });
  } else {
    if (!isForgeryExamined) yield* forgedBuckets(call, own);
    yield* twoClients(call, other);
  }
  yield* backend(examination);
}

/** @returns the answer's status */
type Call = (options: AskOptions) => Promise<number>;

/** The service itself answered, within a limit. What a firewall says to a forged header is neither this nor 429. */
function isCounted(status: number): boolean {
  return status === 400 || status === 401;
}

/** While the bucket is full, whoever is answered nevertheless has another one. */
async function* forgedBuckets(call: Call, own: AskOptions): Findings {
  const believed: string[] = [];
  for (const [name, value] of forgedHeaders()) {
    if (isCounted(await call({ ...own, headers: { [name]: value } }))) believed.push(name);
  }
  if ((await call(own)) !== 429) {
    const fix = 'try again: the limit had passed before every header was tried';
    yield unknown('FORGED_ADDRESS_NOT_EXAMINED', { seen: 'forged headers were not examined', fix });
  } else if (believed.length > 0) {
    yield forgedAddressBelieved(believed);
  } else {
    yield ok('FORGED_ADDRESS_REFUSED', 'a forged address header gets no rate limit of its own');
  }
}

export function forgedAddressBelieved(names: readonly string[]) {
  return fail('FORGED_ADDRESS_BELIEVED', {
    seen: `the service believes a forged ${names.join(' and ')}`,
    why: 'With a new address for each try, passwords can be guessed without a limit.',
    fix: otherBucket,
  });
}

async function* twoClients(call: Call, other: AskOptions[]): Findings {
  const statuses: number[] = [];
  try {
    for (const client of other) statuses.push(await call(client));
  } catch (error) {
    if (!(error instanceof NoAnswerError)) throw error;
    yield unknown('TWO_CLIENTS_NOT_EXAMINED', {
      seen: `two clients could not be told apart: this machine has one way there (${error.code})`,
      fix: 'give --local-address twice, with addresses that reach the service as two',
    });
    return;
  }
  if (statuses.some(isCounted)) {
    yield ok('TWO_BUCKETS', 'two clients have two rate limits');
    return;
  }
  yield fail('ALL_IN_ONE_BUCKET', {
    seen: 'two clients share one rate limit',
    why: 'Three sign-ins in ten seconds, whoever makes them, lock everybody else out.',
    fix: otherBucket,
  });
}

/** The client that uses its limit up, and those of whom one at least must still have its own. */
function clientsOf({ authUrl, localAddresses }: Examination): [AskOptions, AskOptions[]] {
  const host = new URL(authUrl).hostname;
  const pair =
    localAddresses.length === 0 && isLoopbackHost(host) && host !== '[::1]'
      ? ['127.0.0.1', '127.0.0.2']
      : localAddresses;
  const [own, other] = pair.map((address) => ({
    localAddress: address,
    family: isIP(address) as 4 | 6,
  }));
  if (own !== undefined && other !== undefined) return [own, [other]];
  // One of the two is the family that was used; where both answer 429, both are one client.
  return [own ?? {}, [{ family: 4 }, { family: 6 }]];
}

const backendCalls = 120;
const backendConnections = 12;

/** More than the 100 in ten seconds that BetterAuth allows one address. */
async function* backend({ authUrl, ask }: Examination): Findings {
  for (const [path, usual] of [
    ['/api/auth/get-session', 200],
    ['/session', 401],
  ] as const) {
    const startedAt = performance.now();
    let left = backendCalls;
    // Proxies limit by 429, 503 (nginx, unless told otherwise) or 403.
    const refused: number[] = [];
    const call = async () => {
      while (left > 0) {
        left -= 1;
        const { status } = await ask(authUrl + path);
        if (status !== usual) refused.push(status);
      }
    };
    await Promise.all(Array.from({ length: backendConnections }, call));
    const seconds = (performance.now() - startedAt) / 1000;
    const statuses = [...new Set(refused)].join(' or ');
    if (refused.length === backendCalls && !refused.includes(429)) {
      const seen = `every call of ${path} is answered ${statuses} instead of ${usual}, so a limit cannot be told`;
      yield unknown('BACKEND_NOT_EXAMINED', { seen, fix: "the service's log names the cause" });
    } else if (refused.length > 0) {
      yield fail('BACKEND_LIMITED', {
        seen: `${refused.length} of ${backendCalls} calls of ${path} from one address are answered ${statuses}`,
        why: 'An API asks for all its visitors from one address, and reads them as unknown then.',
        fix: 'take this path out of the limit of the proxy or firewall in front: the service does not limit it',
      });
    } else if (seconds > 10) {
      const seen = `${path} took ${Math.round(seconds)} s for ${backendCalls} calls, too slow to tell a limit`;
      yield unknown('BACKEND_NOT_EXAMINED', { seen, fix: 'ask from a machine nearer to it' });
    } else {
      yield ok(
        'BACKEND',
        `${backendCalls} calls of ${path} within ${seconds.toFixed(1)} s are answered`,
      );
    }
  }
}
