/**
 * Session checks while passwords are guessed from many networks: median latency during 256 concurrent sign-ins,
 * compared with the same service idle immediately before.
 */
import autocannon, { type Client } from 'autocannon';
import { hashPassword as hashWithScrypt } from 'better-auth/crypto';
import { hashPassword } from '../../src/auth/password.js';
import type { Measured, MeasureName } from '../targets.js';
import { type Contender, type Starter } from '../contender.js';
import { load, sessionChecks, userOf, type LoadRequest } from '../load.js';
import { seedMembers, signedIn, type Member, type SessionSeed } from '../seed.js';
import { guess } from '../sign-in-request.js';
import { median } from '../statistics.js';
import { takeTurns, type RoundOptions } from './rounds.js';

const concurrentSignIns = 256;
const members = 512;
const password = 'correct horse battery staple';
/** Time until every initial sign-in is queued or answered. */
const rampUpSeconds = 1;
/** In production a storm hits a warm process; the first hundreds of sign-ins run code that is not yet optimised. */
const warmUpSeconds = 8;

interface Side {
  readonly measure: MeasureName;
  readonly contender: Contender;
  readonly checks: readonly LoadRequest[];
  readonly members: readonly Member[];
}

export async function measureSignInStorm(
  { service, contender }: Starter,
  databaseUrl: string,
  seed: SessionSeed,
  options: RoundOptions,
): Promise<Measured[]> {
  const argon2 = await seedMembers(databaseUrl, 'storm', members, await hashPassword(password));
  const scrypt = await seedMembers(databaseUrl, 'calm', members, await hashWithScrypt(password));
  const visitors = signedIn(seed, seed.sessions);
  const session = sessionChecks('/session', visitors);
  const getSession = sessionChecks('/api/auth/get-session', visitors);
  const betterAuth = await contender('better-auth', databaseUrl);
  const bareHttp = await contender('bare-http', databaseUrl);
  const sides: Side[] = [
    {
      measure: 'checksDuringSignIns',
      contender: await service(databaseUrl),
      checks: session,
      members: argon2,
    },
    {
      measure: 'betterAuthDuringSignIns',
      contender: betterAuth,
      checks: getSession,
      members: scrypt,
    },
    { measure: 'bareHttpDuringSignIns', contender: bareHttp, checks: session, members: argon2 },
  ];
  for (const side of sides) await signInStorm(side, warmUpSeconds);
  const measured = sides.map((side) => ({ ...side, idle: [] as number[], during: [] as number[] }));
  const ratios = await takeTurns(
    Object.fromEntries(
      measured.map(({ measure, idle, during, ...side }) => [
        measure,
        async (seconds: number) => {
          const idleMs = await idleP50(side, seconds);
          const duringMs = await p50DuringSignIns(side, seconds);
          idle.push(idleMs);
          during.push(duringMs);
          return duringMs / idleMs;
        },
      ]),
    ) as Record<MeasureName, (seconds: number) => Promise<number>>,
    options,
  );
  return measured.map(({ measure, idle, during }) => ({
    measure,
    value: median(ratios[measure]),
    rounds: ratios[measure],
    figures: { 'idle p50 ms': median(idle), 'p50 ms during': median(during) },
  }));
}

type Measurable = Omit<Side, 'measure'>;

async function idleP50({ contender, checks }: Measurable, seconds: number): Promise<number> {
  const { latenciesMs } = await load(contender, {
    requests: checks,
    connections: 1,
    span: { seconds },
  });
  return median(latenciesMs);
}

/** @throws if a check has a wrong response, or a sign-in any other than "wrong password" or "busy" */
async function p50DuringSignIns(side: Measurable, seconds: number): Promise<number> {
  const { contender, checks } = side;
  const storm = signInStorm(side, rampUpSeconds + seconds);
  await new Promise((resolve) => setTimeout(resolve, 1000 * rampUpSeconds));
  const latenciesMs: number[] = [];
  let wrong = 0;
  const checked = checks.map(({ userId, ...request }) => ({
    ...request,
    onResponse(status: number, body: string) {
      if (status !== 200 || userOf(body) !== userId) wrong += 1;
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
  await storm;
  if (wrong > 0 || errors > 0) {
    throw new Error(`${contender.name}: ${wrong} checks were wrong, ${errors} had no response`);
  }
  // Without any response, the median is at least this.
  return latenciesMs.length === 0 ? 1000 * seconds : median(latenciesMs);
}

async function signInStorm({ contender, members }: Measurable, seconds: number): Promise<void> {
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
