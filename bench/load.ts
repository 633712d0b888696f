/** Puts a contender under load, looks at every answer, and refuses to call a wrong one fast. */
import autocannon, { type Client, type Request } from 'autocannon';
import type { Contender } from './contender.js';
import type { SignedIn } from './seed.js';

/** A request, and the user its answer has to be about. */
export interface LoadRequest extends Request {
  readonly userId: string;
}

export interface Load {
  /** Shared out among the connections, which go through their part again and again. */
  readonly requests: readonly LoadRequest[];
  readonly connections: number;
  /** How long, or how many requests. */
  readonly span: { readonly seconds: number } | { readonly requests: number };
}

export interface LoadResult {
  readonly perSecond: number;
  readonly latenciesMs: readonly number[];
}

/** Fewer answers on each connection say nothing: what is in flight at the end of the span does not count. */
const fewestRounds = 5;
/** Where a starved machine answers less, the span grows; past this it is too busy to measure anything. */
const longestSeconds = 60;

/** Session checks of `path`, one for each cookie. */
export function sessionChecks(path: string, visitors: readonly SignedIn[]): LoadRequest[] {
  return visitors.map(({ cookie, userId }) => ({ path, headers: { cookie }, userId }));
}

/** @throws when an answer is missing, is not 200, or is about somebody else, or hardly any comes */
export async function load(
  contender: Pick<Contender, 'name' | 'url'>,
  wanted: Load,
): Promise<LoadResult> {
  const { requests, connections, span } = wanted;
  const wrong: string[] = [];
  const latenciesMs: number[] = [];
  const checked = requests.map(({ userId, ...request }) => ({
    ...request,
    onResponse(status: number, body: string) {
      if (status !== 200 || userOf(body) !== userId) wrong.push(`${status} ${body.slice(0, 300)}`);
    },
  }));
  let client = 0;
  const { errors, non2xx, duration } = await autocannon({
    url: contender.url,
    connections,
    timeout: longestSeconds,
    ...('seconds' in span ? { duration: span.seconds } : { amount: span.requests }),
    setupClient(each: Client) {
      const own = client;
      client += 1;
      each.setRequests(checked.filter((_request, index) => index % connections === own));
      // Finer than the histogram of the result, which counts whole milliseconds.
      each.on('response', (_status, _bytes, milliseconds) => void latenciesMs.push(milliseconds));
    },
  });
  if (errors > 0 || non2xx > 0 || wrong.length > 0) {
    throw new Error(
      `${contender.name}: of ${latenciesMs.length} answers ${wrong.length} were wrong, ` +
        `${errors} requests had none; the first wrong one: ${wrong[0] ?? ''}`,
    );
  }
  if ('seconds' in span && latenciesMs.length < fewestRounds * connections) {
    const seconds = span.seconds * 3;
    if (seconds > longestSeconds) throw new Error(`${contender.name}: hardly an answer`);
    return load(contender, { ...wanted, span: { seconds } });
  }
  return { perSecond: latenciesMs.length / duration, latenciesMs };
}

/** The user's id in an answer of /session, get-session or sign-in; undefined where there is none. */
export function userOf(body: string): string | undefined {
  try {
    return (JSON.parse(body) as { user?: { id?: string } } | null)?.user?.id;
  } catch {
    return undefined;
  }
}
