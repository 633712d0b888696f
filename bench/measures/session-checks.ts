/** Session checks per second: the service against BetterAuth alone and against the one query alone. */
import type { Measured, MeasureName } from '../targets.js';
import type { Contender, Starter } from '../contender.js';
import { load, sessionChecks, type LoadRequest } from '../load.js';
import { signedIn, type SessionSeed } from '../seed.js';
import { median, ratiosOf } from '../statistics.js';
import { takeTurns, type RoundOptions } from './rounds.js';

const connections = 16;

export async function measureSessionChecks(
  { service, contender }: Starter,
  databaseUrl: string,
  seed: SessionSeed,
  options: RoundOptions,
): Promise<Measured[]> {
  const visitors = signedIn(seed, seed.sessions);
  const session = sessionChecks('/session', visitors);
  const getSession = sessionChecks('/api/auth/get-session', visitors);
  const ours = await service(databaseUrl);
  const silent = await service(databaseUrl, { LOG_LEVEL: 'silent' });
  const betterAuth = await contender('better-auth', databaseUrl);
  const oneQuery = await contender('express-route', databaseUrl);
  const turn = (of: Contender, requests: readonly LoadRequest[]) => async (seconds: number) => {
    const { perSecond } = await load(of, { requests, connections, span: { seconds } });
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
    options,
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
