/**
 * Session checks while passwords are guessed from many networks: the middle answer's time beside 256 sign-ins at once,
 * against the same service idle a moment before.
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

const signInsAtOnce = 256;
const members = 512;
const password = 'correct horse battery staple';
/** Until every sign-in of the first rush waits or is answered. */
const rushSeconds = 1;
/** A process meets a storm after some sign-ins, and the first hundreds run code that is not compiled yet. */
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
      measure: 'checksBesideSignIns',
      contender: await service(databaseUrl),
      checks: session,
      members: argon2,
    },
    {
      measure: 'betterAuthBesideSignIns',
      contender: betterAuth,
      checks: getSession,
      members: scrypt,
    },
    { measure: 'bareHttpBesideSignIns', contender: bareHttp, checks: session, members: argon2 },
  ];
  for (const side of sides) await signInStorm(side, warmUpSeconds);
  const measured = sides.map((side) => ({ ...side, idle: [] as number[], beside: [] as number[] }));
  const ratios = await takeTurns(
    Object.fromEntries(
      measured.map(({ measure, idle, beside, ...side }) => [
        measure,
        async (seconds: number) => {
          const idleMs = await idleP50(side, seconds);
          const besideMs = await p50BesideSignIns(side, seconds);
          idle.push(idleMs);
          beside.push(besideMs);
          return besideMs / idleMs;
        },
      ]),
    ) as Record<MeasureName, (seconds: number) => Promise<number>>,
    options,
  );
  return measured.map(({ measure, idle, beside }) => ({
    measure,
    value: median(ratios[measure]),
    rounds: ratios[measure],
    figures: { 'idle p50 ms': median(idle), 'p50 ms beside': median(beside) },
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

/** @throws when a check is answered wrongly, or a sign-in with anything but "wrong password" or "busy" */
async function p50BesideSignIns(side: Measurable, seconds: number): Promise<number> {
  const { contender, checks } = side;
  const storm = signInStorm(side, rushSeconds + seconds);
  await new Promise((resolve) => setTimeout(resolve, 1000 * rushSeconds));
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
    throw new Error(`${contender.name}: ${wrong} checks were wrong, ${errors} had no answer`);
  }
  // Where not one was answered, the median is this at least.
  return latenciesMs.length === 0 ? 1000 * seconds : median(latenciesMs);
}

async function signInStorm({ contender, members }: Measurable, seconds: number): Promise<void> {
  const wrong: number[] = [];
  let next = 0;
  const { errors } = await autocannon({
    url: contender.url,
    connections: signInsAtOnce,
    duration: seconds,
    timeout: 60,
    setupClient(client: Client) {
      const member = members[next % members.length];
      next += 1;
      if (member === undefined) throw new Error('nobody to guess a password of');
      client.setRequests([guess(member.email)]);
      client.on('response', (status) => {
        if (status !== 401 && status !== 503) wrong.push(status);
      });
    },
  });
  if (wrong.length > 0 || errors > 0) {
    throw new Error(
      `${contender.name}: ${wrong.length} sign-ins were answered ${[...new Set(wrong)].join()}, ${errors} not at all`,
    );
  }
}
