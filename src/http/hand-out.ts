/**
 * Hands the caller a credential signed with the present secret, where an older one signed what it sent: as cookie with
 * the attributes and the remaining lifetime of the old one, or in `set-auth-token` where it came as bearer token.
 */
import type { CookieOptions, Request, Response as ExpressResponse } from 'express';
import type { Config } from '../config/config.js';
import { cookieAttributes } from '../config/cookie-policy.js';
import type { Logger } from '../log/logger.js';
import type { CredentialRules } from '../session/credential.js';
import type { InspectSession } from '../session/inspector.js';
import { readDontRemember } from '../session/resign-credentials.js';
import { signToken } from '../session/signed-token.js';
import { secondsBetween } from './cookie-lifetime.js';
import { inspectInTime } from './inspect-in-time.js';
import { requestIdOf } from './request-id.js';
import { addLogFields } from './request-log.js';

export interface HandOutDependencies {
  readonly config: Config;
  readonly credentialRules: CredentialRules;
  readonly inspect: InspectSession;
  readonly logger: Logger;
  readonly now: () => Date;
}

/**
 * Asks about the session once more, now that the request is done: it may have ended it.
 * @param withinMs what is left of the request's time; the old credential goes on working where that is too little
 * @returns whether a session was there to hand out
 */
export async function handOutResigned(
  req: Request,
  res: ExpressResponse,
  withinMs: number,
  dependencies: HandOutDependencies,
): Promise<boolean> {
  const { credentialRules, inspect, logger } = dependencies;
  const verdict = await inspectInTime(inspect, req.headers, withinMs);
  if (verdict.error !== undefined) {
    const requestId = requestIdOf(res);
    logger.warn({ err: verdict.error, requestId }, 'no new credential handed out: try again');
  }
  const [present] = credentialRules.secrets;
  const { identity, token, source } = verdict;
  if (identity === undefined || token === undefined || present === undefined) return false;
  const signed = signToken(token, present);
  if (source === 'bearer') res.setHeader('set-auth-token', signed);
  else setCookies(req, res, { signed, endsAt: identity.session.expiresAt }, dependencies);
  addLogFields(res, { resigned: true });
  return true;
}

function setCookies(
  req: Request,
  res: ExpressResponse,
  { signed, endsAt }: { signed: string; endsAt: Date },
  { config, credentialRules, now }: HandOutDependencies,
): void {
  const { cookieName, dontRememberCookieName, secrets } = credentialRules;
  const { domain } = config.cookies;
  const attributes: CookieOptions = {
    ...cookieAttributes(config.cookies),
    ...(domain !== undefined && { domain }),
  };
  const [present] = secrets;
  if (present !== undefined && readDontRemember(req.headers.cookie, credentialRules)) {
    res.cookie(cookieName, signed, attributes);
    res.cookie(dontRememberCookieName, signToken('true', present), attributes);
  } else {
    res.cookie(cookieName, signed, { ...attributes, maxAge: secondsBetween(now(), endsAt) * 1000 });
  }
}
