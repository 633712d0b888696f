/**
 * Session checks while passwords are guessed from many networks: median latency during 256 concurrent sign-ins,
 * compared with the same service idle immediately before.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import autocannon, { type Client } from 'autocannon';
import { hashPassword as hashWithScrypt } from 'better-auth/crypto';
import { hashPassword } from '../../src/auth/password.js';
import type { Contender } from '../contender.js';
import { waitUntilIdle } from '../cpu.js';
import { load, sessionChecks, type LoadRequest } from '../load.js';
import type { Context } from '../measures.js';
import { password, seedMembers, signedIn, type Member } from '../seed.js';
import { guess } from '../sign-in-request.js';
import { median } from '../statistics.js';
import type { MeasureName, Results } from '../targets.js';
import { takeTurns, valuesOf, type RoundOptions, type Sample } from './rounds.js';

const concurrentSignIns = 256;
const members = 512;
/** Time until every initial sign-in is queued or answered. */
const rampUpSeconds = 1;
/** In production a storm hits a warm process; the first hundreds of sign-ins run code that is not yet optimised. */
const warmUpSeconds = 8;

interface Side {
  readonly contender: Contender;
  readonly checks: readonly LoadRequest[];
  readonly members: readonly Member[];
}

/** `value` is the ratio of the two latencies. */
interface StormSample extends Sample {
  readonly idleMs: number;
  readonly duringMs: number;
}

export async function measureSignInStorm(context: Context): Promise<Results> {
  const { starter, quick } = context;
  const { url, seed } = await context.smallDatabase();
  const argon2 = await seedMembers(url, 'storm', members, await hashPassword(password));
  const scrypt = await seedMembers(url, 'calm', members, await hashWithScrypt(password));
  const visitors = signedIn(seed, seed.sessions);
  const session = sessionChecks('/session', visitors);
  const getSession = sessionChecks('/api/auth/get-session', visitors);
  return measureSides(context, {
    checksDuringSignIns: {
      contender: await starter.service(url),
      checks: session,
      members: argon2,
    },
    // It keeps hashing for ten seconds after each storm.
    ...(!quick && {
      betterAuthDuringSignIns: {
        contender: await starter.contender('better-auth', url),
        checks: getSession,
        members: scrypt,
      },
    }),
    bareHttpDuringSignIns: {
      contender: await starter.contender('bare-http', url),
      checks: session,
      members: argon2,
    },
  });
}

/** The same for `npm run dev`. */
export async function measureDevelopmentStorm(context: Context): Promise<Results> {
  const { url, seed } = await context.smallDatabase();
  const argon2 = await seedMembers(url, 'dev', members, await hashPassword(password));
  return measureSides(context, {
    developmentDuringSignIns: {
      contender: await context.starter.development(url),
      checks: sessionChecks('/session', signedIn(seed, seed.sessions)),
      members: argon2,
    },
  });
}

async function measureSides(
  { options }: Context,
  sides: Readonly<Partial<Record<MeasureName, Side>>>,
): Promise<Results> {
  const entries = Object.entries(sides) as [MeasureName, Side][];
  for (const [, side] of entries) await signInStorm(side, warmUpSeconds);
  const turns = Object.fromEntries(
    entries.map(([name, side]) => [name, (seconds: number) => storm(side, seconds, options)]),
  );
  const samples = await takeTurns(turns, { ...options, warmUpSeconds: undefined });
  const measured = entries.map(([measure]) => {
    const rounds = samples[measure] ?? [];
    return {
      measure,
      value: median(valuesOf(rounds)),
      rounds: valuesOf(rounds),
      figures: {
        'idle p50 ms': median(rounds.map(({ idleMs }) => idleMs)),
        'p50 ms during': median(rounds.map(({ duringMs }) => duringMs)),
      },
    };
  });
  return { measured, throughput: [] };
}

async function storm(
  side: Side,
  seconds: number,
  { onProgress }: RoundOptions,
): Promise<StormSample> {
  // The storm before may have left hashes in a queue.
  if (!(await waitUntilIdle())) onProgress('the machine is busy: idle latency is too high');
  const idleMs = await idleP50(side, seconds);
  const duringMs = await p50DuringSignIns(side, seconds);
  return { value: duringMs / idleMs, idleMs, duringMs };
}

async function idleP50({ contender, checks }: Side, seconds: number): Promise<number> {
  const { latenciesMs } = await load(contender, {
    requests: checks,
    connections: 1,
    span: { seconds },
  });
  return median(latenciesMs);
}

/** @throws if a check has a wrong response, or a sign-in any other than "wrong password" or "busy" */
async function p50DuringSignIns(side: Side, seconds: number): Promise<number> {
  const { contender, checks } = side;
  const signIns = signInStorm(side, rampUpSeconds + seconds);
  await sleep(1000 * rampUpSeconds);
  const latenciesMs: number[] = [];
  let wrong = 0;
  const checked = checks.map(({ isRight, ...request }) => ({
    ...request,
    onResponse(status: number, body: string) {
      if (!isRight(status, body)) wrong += 1;
    },
  }));
  const { errors } = await autocannon({
    url: contender.url,
    connections: 1,
    duration: seconds,
    timeout: 60,
    setupClient(client: Client) {
      client.setRequests(checked);
      client.on('response', (_status, _bytes, milliseconds) => void latenciesMs.push(milliseconds));
    },
  });
  await signIns;
  if (wrong > 0 || errors > 0) {
    throw new Error(`${contender.name}: ${wrong} checks were wrong, ${errors} had no response`);
  }
  // Without any response, the median is at least this.
  return latenciesMs.length === 0 ? 1000 * seconds : median(latenciesMs);
}

async function signInStorm({ contender, members }: Side, seconds: number): Promise<void> {
  const wrong: number[] = [];
  let next = 0;
  const { errors } = await autocannon({
    url: contender.url,
    connections: concurrentSignIns,
    duration: seconds,
    timeout: 60,
    setupClient(client: Client) {
      const member = members[next % members.length];
      next += 1;
      if (member === undefined) throw new Error('no member for a sign-in');
      client.setRequests([guess(member.email)]);
      client.on('response', (status) => {
        if (status !== 401 && status !== 503) wrong.push(status);
      });
    },
  });
  if (wrong.length > 0 || errors > 0) {
    throw new Error(
      `${contender.name}: ${wrong.length} sign-ins returned ${[...new Set(wrong)].join()}, ${errors} had no response`,
    );
  }
}
