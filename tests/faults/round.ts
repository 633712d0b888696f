/** One round: every request concurrently, by people of whom some ask only once. Judges the answers. */
import type { LogLine } from '../support/test-service.js';
import { Visitor, type Answer } from '../support/visitor.js';
import type { Direct, Fault } from './fault.js';
import { requests, tokenIn, type FaultRequest, type People, type Query } from './requests.js';

/** What the service promises (docs/operating.md). */
const maxAnswerMs = 10_000;

type RequestName = keyof typeof requests;

export interface Asked {
  readonly name: RequestName;
  readonly request: FaultRequest;
  readonly people: People;
  readonly answer: Answer;
  readonly elapsedMs: number;
  readonly requestId: string;
  readonly isGreen: boolean;
}

/** Accounts for the rounds. The URL of the service may change: a server starts for each fault. */
export interface Population {
  readonly service: { readonly url: string };
  readonly direct: Direct;
  resident: Visitor;
  /** Signed-in visitors that have not asked yet. */
  readonly unspent: Visitor[];
}

export function createPopulation(url: string): Population {
  let urls: readonly string[] = [url];
  let asked = 0;
  const service = {
    get url() {
      asked += 1;
      return urls[asked % urls.length] ?? url;
    },
  };
  return {
    service,
    direct: (...others) => void (urls = others),
    resident: new Visitor(service),
    unspent: [],
  };
}

/** Signs visitors up for this many rounds. */
export async function replenish(population: Population, rounds: number): Promise<void> {
  const { service, unspent } = population;
  population.resident = new Visitor(service);
  await signUp(population.resident);
  while (unspent.length < rounds * 2) {
    const visitors = Array.from({ length: 4 }, () => new Visitor(service));
    await Promise.all(visitors.map(signUp));
    unspent.push(...visitors);
  }
}

async function signUp(visitor: Visitor): Promise<void> {
  const { status, text } = await visitor.signUp();
  if (status !== 200) throw new Error(`a sign-up before the fault answered ${status}: ${text}`);
}

export async function askAll({ service, resident, unspent }: Population): Promise<Asked[]> {
  const [editor, leaver] = [unspent.pop(), unspent.pop()];
  if (editor === undefined || leaver === undefined) throw new Error('no visitors are left');
  const { email, password } = leaver;
  const people: People = {
    resident,
    editor,
    leaver,
    leaverToken: tokenIn(leaver) ?? '',
    returning: Object.assign(new Visitor(service), { email, password }),
    newcomer: new Visitor(service),
    passerBy: new Visitor(service),
  };
  const ask = async ([name, request]: [string, FaultRequest]): Promise<Asked> => {
    const startedAt = performance.now();
    const answer = await request.ask(people);
    return {
      name: name as RequestName,
      request,
      people,
      answer,
      elapsedMs: performance.now() - startedAt,
      requestId: answer.headers.get('x-request-id') ?? '',
      isGreen: request.isGreen(answer, people),
    };
  };
  return Promise.all(Object.entries(requests).map(ask));
}

/** Everything in these answers that breaks a promise. A healthy answer or an honest 503 breaks none. */
export function brokenPromises(
  asked: readonly Asked[],
  { refuses, unavailableCode = 'DATABASE_UNAVAILABLE' }: Pick<Fault, 'refuses' | 'unavailableCode'>,
): string[] {
  return asked.flatMap((one) => {
    const { name, request, answer, elapsedMs, isGreen } = one;
    const { status, headers, json, setCookies, text } = answer;
    const broken: string[] = [];
    if (elapsedMs > maxAnswerMs) broken.push(`answered after ${Math.round(elapsedMs)} ms`);
    if (isRefused(one, refuses)) {
      if (setCookies.length > 0) broken.push(`sets cookies: ${setCookies.join()}`);
    } else if (!isGreen) {
      const code = name === '/ready' ? 'NOT_READY' : unavailableCode;
      if (request.needs === 'nothing' || status !== 503) broken.push(`said ${status} ${text}`);
      else if (json?.code !== code) broken.push(`has the code ${String(json?.code)}`);
      if (!/^[1-9]\d*$/.test(headers.get('retry-after') ?? '')) broken.push('has no Retry-After');
      if (setCookies.length > 0) broken.push(`sets cookies: ${setCookies.join()}`);
    } else if (name !== 'sign-out' && setCookies.some((cookie) => /max-age=0/i.test(cookie))) {
      broken.push(`clears a cookie: ${setCookies.join()}`);
    }
    return broken.map((what) => `${name} ${what}`);
  });
}

/** Whether it is the refusal that is true during the fault. */
export function isRefused({ answer, isGreen }: Asked, refuses: Fault['refuses']): boolean {
  const isRefusal = answer.status === 401 || (answer.status === 200 && answer.json === null);
  return !isGreen && isRefusal && answer.headers.get('x-session-reason') === refuses?.reason;
}

/** Changes that were answered with success and are not in the database. */
export async function falseSuccesses(asked: readonly Asked[], query: Query): Promise<string[]> {
  const falsely: string[] = [];
  for (const { name, request, people, answer, isGreen } of asked) {
    if (!isGreen || request.wasDone === undefined) continue;
    if (!(await request.wasDone(query, people, answer))) falsely.push(name);
  }
  return falsely;
}

/** Failed requests whose log line does not name a cause of the fault and what to do. */
export function unexplained(
  asked: readonly Asked[],
  lines: readonly LogLine[],
  { causes, refuses }: Fault,
): string[] {
  const hints = new Map(lines.map(({ hintId, hint }) => [hintId, hint] as const).reverse());
  return asked.flatMap((one) => {
    if (one.isGreen) return [];
    const line = lines.find(
      ({ msg, requestId }) => msg === 'request' && requestId === one.requestId,
    );
    const { cause, fix, hintId, hint = hints.get(hintId) } = line ?? ({} as Partial<LogLine>);
    const isExplained = isRefused(one, refuses)
      ? String(hint).includes(refuses?.names ?? '')
      : causes.includes(String(cause)) && typeof fix === 'string';
    return isExplained ? [] : [`${one.name}: ${JSON.stringify({ cause, fix, hint })}`];
  });
}
