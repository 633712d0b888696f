/** Session checks per second: the service compared with only the query, with plain BetterAuth and with other libraries. */
import type { Contender } from '../contender.js';
import { sessionChecks, type LoadRequest } from '../load.js';
import type { Context } from '../measures.js';
import { passportCookie, signedIn } from '../seed.js';
import type { MeasureName, Results } from '../targets.js';
import { takeTurns, type Turn } from './rounds.js';
import { compare, summarize, throughputTurn, type ThroughputSample } from './throughput.js';

const connections = 16;

export async function measureSessionChecks(context: Context): Promise<Results> {
  const { starter, options, quick, python } = context;
  const { url, seed } = await context.smallDatabase();
  const visitors = signedIn(seed, seed.sessions);
  const turns: Record<string, Turn<ThroughputSample>> = {};
  const add = (name: string, contender: Contender, requests: readonly LoadRequest[]) => {
    turns[name] = throughputTurn({ contender, requests, connections });
  };
  /** The same checks with another library's cookie. */
  const checksWith = (cookieOf: (token: string) => string) =>
    sessionChecks(
      '/session',
      visitors.map((visitor) => ({ ...visitor, cookie: cookieOf(visitor.token) })),
    );
  const session = sessionChecks('/session', visitors);
  const getSession = sessionChecks('/api/auth/get-session', visitors);

  const service = await starter.service(url);
  add('service, /session', service, session);
  add('node:http + query + HMAC', await starter.contender('bare-http', url), session);
  add('Express + query', await starter.contender('express-route', url), session);
  add('service, get-session', service, getSession);
  add('BetterAuth, get-session', await starter.contender('better-auth', url), getSession);
  if (!quick) {
    const contender = await starter.contender('passport', url);
    add('passport, session check', contender, checksWith(passportCookie));
  }
  if (python !== undefined) {
    const contender = await starter.pythonContender(python, 'fastapi_users_app', url);
    const checks = checksWith((token) => `fastapiusersauth=${token}`);
    add('fastapi-users, session check', contender, checks);
  }
  const samples = await takeTurns(turns, options);
  const against = (measure: MeasureName, theirs: string, ours = 'service, /session') =>
    compare(measure, samples[ours], samples[theirs]);
  return {
    measured: [
      ...against('sessionAgainstBetterAuth', 'BetterAuth, get-session'),
      ...against('sessionAgainstOneQuery', 'Express + query'),
      ...against('sessionAgainstBareHttp', 'node:http + query + HMAC'),
      ...against('sessionAgainstPassport', 'passport, session check'),
      ...against('sessionAgainstFastapiUsers', 'fastapi-users, session check'),
      ...against('getSessionAgainstBetterAuth', 'BetterAuth, get-session', 'service, get-session'),
    ],
    throughput: summarize(samples),
  };
}
