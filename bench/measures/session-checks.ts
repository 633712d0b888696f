/** Session checks per second: the service against BetterAuth alone and against the one query alone. */
import type { Measured, MeasureName } from '../aims.js';
import type { Contender, Starter } from '../contender.js';
import { load, sessionChecks, type Shot } from '../load.js';
import { signedIn, type SessionSeed } from '../seed.js';
import { median, ratiosOf } from '../statistics.js';
import { takeTurns, type Pace } from './pace.js';

const connections = 16;

export async function measureSessionChecks(
  { service, contender }: Starter,
  databaseUrl: string,
  seed: SessionSeed,
  pace: Pace,
): Promise<Measured[]> {
  const visitors = signedIn(seed, seed.sessions);
  const session = sessionChecks('/session', visitors);
  const getSession = sessionChecks('/api/auth/get-session', visitors);
  const ours = await service(databaseUrl);
  const silent = await service(databaseUrl, { LOG_LEVEL: 'silent' });
  const betterAuth = await contender('better-auth', databaseUrl);
  const oneQuery = await contender('express-route', databaseUrl);
  const turn = (of: Contender, shots: readonly Shot[]) => async (seconds: number) => {
    const { perSecond } = await load(of, { shots, connections, span: { seconds } });
    return perSecond;
  };
  const perSecond = await takeTurns(
    {
      session: turn(ours, session),
      oneQuery: turn(oneQuery, session),
      silentSession: turn(silent, session),
      getSession: turn(ours, getSession),
      betterAuth: turn(betterAuth, getSession),
    },
    pace,
  );
  const against = (
    measure: MeasureName,
    our: keyof typeof perSecond,
    their: keyof typeof perSecond,
  ): Measured => {
    const rounds = ratiosOf(perSecond[our], perSecond[their]);
    const figures = {
      [`${our}/s`]: median(perSecond[our]),
      [`${their}/s`]: median(perSecond[their]),
    };
    return { measure, value: median(rounds), rounds, figures };
  };
  return [
    against('sessionAgainstBetterAuth', 'session', 'betterAuth'),
    against('sessionAgainstOneQuery', 'session', 'oneQuery'),
    against('silentSessionAgainstOneQuery', 'silentSession', 'oneQuery'),
    against('getSessionAgainstBetterAuth', 'getSession', 'betterAuth'),
  ];
}
