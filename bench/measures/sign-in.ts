/**
 * Sign-ins and sign-ups per second, 8 concurrently: the service compared with only its own hash, with BetterAuth's default
 * hash and with other libraries.
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { hashPassword as hashWithScrypt } from 'better-auth/crypto';
import { hashPassword } from '../../src/auth/password.js';
import type { Contender } from '../contender.js';
import type { LoadRequest } from '../load.js';
import type { Context } from '../measures.js';
import { membersOf, password, seedMembers } from '../seed.js';
import { fastapiSignIns, fastapiSignUps, signIns, signUps } from '../sign-in-request.js';
import type { MeasureName, Results } from '../targets.js';
import { longRounds, takeTurns, type Turn } from './rounds.js';
import { compare, summarize, throughputTurn, type ThroughputSample } from './throughput.js';

const connections = 8;
const members = 64;

export async function measureSignIn(context: Context): Promise<Results> {
  const { starter, options, quick, python } = context;
  const url = await context.cluster.createDatabase('bench_sign_in');
  const argon2 = await seedMembers(url, 'argon2', members, await hashPassword(password));
  const scrypt = await seedMembers(url, 'scrypt', members, await hashWithScrypt(password));
  const turns: Record<string, Turn<ThroughputSample>> = {};
  const add = (name: string, contender: Contender, [signIn, signUp]: Requests) => {
    turns[`${name}, sign-in`] = throughputTurn({ contender, requests: signIn, connections });
    turns[`${name}, sign-up`] = throughputTurn({ contender, requests: signUp, connections });
  };
  add('service', await starter.service(url), [signIns(argon2), signUps()]);
  add('BetterAuth', await starter.contender('better-auth', url), [signIns(scrypt), signUps()]);
  turns['bare hash'] = hashesPerSecond;
  if (!quick) {
    const requests: Requests = [signIns(argon2, '/sign-in'), signUps('/sign-up')];
    add('passport', await starter.contender('passport', url), requests);
  }
  if (python !== undefined) {
    const requests: Requests = [fastapiSignIns(membersOf('fastapi', members)), fastapiSignUps()];
    add('fastapi-users', await starter.pythonContender(python, 'fastapi_users_app', url), requests);
  }
  // Every contender has two warm-ups: sign-ins and sign-ups run much of the same code.
  const samples = await takeTurns(turns, longRounds(options));
  const against = (measure: MeasureName, action: string, theirs: string) =>
    compare(measure, samples[`service, ${action}`], samples[theirs]);
  return {
    measured: [
      ...against('signInAgainstBetterAuth', 'sign-in', 'BetterAuth, sign-in'),
      ...against('signInAgainstBareHash', 'sign-in', 'bare hash'),
      ...against('signInAgainstPassport', 'sign-in', 'passport, sign-in'),
      ...against('signInAgainstFastapiUsers', 'sign-in', 'fastapi-users, sign-in'),
      ...against('signUpAgainstBetterAuth', 'sign-up', 'BetterAuth, sign-up'),
      ...against('signUpAgainstBareHash', 'sign-up', 'bare hash'),
      ...against('signUpAgainstPassport', 'sign-up', 'passport, sign-up'),
      ...against('signUpAgainstFastapiUsers', 'sign-up', 'fastapi-users, sign-up'),
    ],
    throughput: summarize(samples),
  };
}

/** Of sign-ins and of sign-ups. */
type Requests = readonly [LoadRequest[], LoadRequest[]];

async function hashesPerSecond(seconds: number): Promise<ThroughputSample> {
  const program = fileURLToPath(new URL('../contenders/password-hash.ts', import.meta.url));
  const args = ['--import', import.meta.resolve('tsx'), program, String(seconds)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as ThroughputSample;
}
