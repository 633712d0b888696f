/** Puts a contender under load and checks every response: a wrong response fails the measurement. */
import autocannon, { type Client, type Request } from 'autocannon';
import type { Contender } from './contender.js';
import type { SignedIn } from './seed.js';

/** A request, and which response to it is right. */
export interface LoadRequest extends Request {
  readonly isRight: (status: number, body: string) => boolean;
}

export interface Load {
  /** Distributed among the connections; each connection repeats its part. */
  readonly requests: readonly LoadRequest[];
  readonly connections: number;
  /** Duration or number of requests. */
  readonly span: { readonly seconds: number } | { readonly requests: number };
}

export interface LoadResult {
  readonly perSecond: number;
  readonly latenciesMs: readonly number[];
}

/** Minimum responses per connection: requests in flight at the end of the span do not count. */
const minResponsesPerConnection = 5;
/** On a slow machine the span is extended up to this; beyond it the machine is too busy to measure anything. */
const maxSeconds = 60;

/** Session checks with `path`, one per cookie. */
export function sessionChecks(path: string, visitors: readonly SignedIn[]): LoadRequest[] {
  return visitors.map(({ cookie, userId }) => ({
    path,
    headers: { cookie },
    isRight: isAboutUser(userId),
  }));
}

/** Whether a response is 200 and about this user. */
export function isAboutUser(userId: string): LoadRequest['isRight'] {
  return (status, body) => status === 200 && userOf(body)?.id === userId;
}

/** @throws if a response is missing or wrong, or if there are hardly any */
export async function load(
  contender: Pick<Contender, 'name' | 'url'>,
  wanted: Load,
): Promise<LoadResult> {
  const { requests, connections, span } = wanted;
  const wrong: string[] = [];
  const latenciesMs: number[] = [];
  const checked = requests.map(({ isRight, ...request }) => ({
    ...request,
    onResponse(status: number, body: string) {
      if (!isRight(status, body)) wrong.push(`${status} ${body.slice(0, 300)}`);
    },
  }));
  let client = 0;
  const { errors, non2xx, duration } = await autocannon({
    url: contender.url,
    connections,
    timeout: maxSeconds,
    ...('seconds' in span ? { duration: span.seconds } : { amount: span.requests }),
    setupClient(each: Client) {
      const own = client;
      client += 1;
      each.setRequests(checked.filter((_request, index) => index % connections === own));
      // More precise than autocannon's histogram, which counts whole milliseconds.
      each.on('response', (_status, _bytes, milliseconds) => void latenciesMs.push(milliseconds));
    },
  });
  if (errors > 0 || non2xx > 0 || wrong.length > 0) {
    throw new Error(
      `${contender.name}: of ${latenciesMs.length} responses ${wrong.length} were wrong, ` +
        `${errors} requests had none; the first wrong one: ${wrong[0] ?? ''}`,
    );
  }
  if ('seconds' in span && latenciesMs.length < minResponsesPerConnection * connections) {
    const seconds = span.seconds * 3;
    if (seconds > maxSeconds) throw new Error(`${contender.name}: hardly any response`);
    return load(contender, { ...wanted, span: { seconds } });
  }
  return { perSecond: latenciesMs.length / duration, latenciesMs };
}

interface User {
  readonly id?: string;
  readonly email?: string;
}

/** The user in a response of /session, get-session, sign-in or sign-up; undefined if there is none. */
export function userOf(body: string): User | undefined {
  try {
    return (JSON.parse(body) as { user?: User } | null)?.user;
  } catch {
    return undefined;
  }
}
