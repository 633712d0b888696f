/** Sign-ins per second, 8 at once: the service against BetterAuth's default hash, and against its own hash alone. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { hashPassword as hashWithScrypt } from 'better-auth/crypto';
import { hashPassword } from '../../src/auth/password.js';
import type { Measured } from '../targets.js';
import type { Contender, Starter } from '../contender.js';
import { load, type LoadRequest } from '../load.js';
import { seedMembers, type Member } from '../seed.js';
import { signInRequest } from '../sign-in-request.js';
import { median, ratiosOf } from '../statistics.js';
import { takeTurns, type RoundOptions } from './rounds.js';

const atOnce = 8;
const members = 64;
const password = 'correct horse battery staple';

export async function measureSignIn(
  { service, contender }: Starter,
  databaseUrl: string,
  options: RoundOptions,
): Promise<Measured[]> {
  const ours = await service(databaseUrl);
  const betterAuth = await contender('better-auth', databaseUrl);
  const argon2 = await hashPassword(password);
  const scrypt = await hashWithScrypt(password);
  const forOurs = signIns(await seedMembers(databaseUrl, 'argon2', members, argon2));
  const forBetterAuth = signIns(await seedMembers(databaseUrl, 'scrypt', members, scrypt));
  const turn = (of: Contender, requests: readonly LoadRequest[]) => async (seconds: number) => {
    const { perSecond } = await load(of, { requests, connections: atOnce, span: { seconds } });
    return perSecond;
  };
  const perSecond = await takeTurns(
    {
      signIn: turn(ours, forOurs),
      bareHash: hashesPerSecond,
      betterAuthSignIn: turn(betterAuth, forBetterAuth),
    },
    // So few fit into a second that a short warm-up would measure code that is not compiled yet.
    {
      ...options,
      secondsPerRound: 2 * options.secondsPerRound,
      warmUpSeconds: 4 * options.warmUpSeconds,
    },
  );
  const { signIn, bareHash, betterAuthSignIn } = perSecond;
  const toBetterAuth = ratiosOf(signIn, betterAuthSignIn);
  const toBareHash = ratiosOf(signIn, bareHash);
  return [
    {
      measure: 'signInAgainstBetterAuth',
      value: median(toBetterAuth),
      rounds: toBetterAuth,
      figures: { 'signIn/s': median(signIn), 'betterAuthSignIn/s': median(betterAuthSignIn) },
    },
    {
      measure: 'signInAgainstBareHash',
      value: median(toBareHash),
      rounds: toBareHash,
      figures: { 'signIn/s': median(signIn), 'bareHash/s': median(bareHash) },
    },
  ];
}

function signIns(of: readonly Member[]): LoadRequest[] {
  return of.map(({ email, userId }) => ({ ...signInRequest(email, password), userId }));
}

async function hashesPerSecond(seconds: number): Promise<number> {
  const program = fileURLToPath(new URL('../contenders/password-hash.ts', import.meta.url));
  const args = ['--import', import.meta.resolve('tsx'), program, String(seconds)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return Number(stdout);
}
