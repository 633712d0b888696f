/**
 * Reissues a credential that an older secret signed, signed with the current one: as a cookie with the attributes and the
 * remaining lifetime of the old one, or in `set-auth-token` for a bearer token.
 */
import type { CookieOptions, Request, Response as ExpressResponse } from 'express';
import type { Config } from '../config/config.js';
import { cookieAttributes } from '../config/cookie-policy.js';
import type { Logger } from '../log/logger.js';
import type { CredentialRules } from '../session/credential.js';
import type { InspectSession } from '../session/inspector.js';
import { readDontRemember } from '../session/sign-with-current-secret.js';
import { signToken } from '../session/signed-token.js';
import { secondsBetween } from './cookie-lifetime.js';
import { inspectWithTimeout } from './inspect-with-timeout.js';
import { requestIdOf } from './request-id.js';
import { addLogFields } from './request-log.js';

export interface ReissueDependencies {
  readonly config: Config;
  readonly credentialRules: CredentialRules;
  readonly inspect: InspectSession;
  readonly logger: Logger;
}

/**
 * Checks the session again after the request, which may have ended it.
 * @param timeoutMs the remaining time of the request; if it is too short, the old credential keeps working
 * @returns whether the session was active and its credential reissued
 */
export async function reissueCredential(
  req: Request,
  res: ExpressResponse,
  timeoutMs: number,
  dependencies: ReissueDependencies,
): Promise<boolean> {
  const { credentialRules, inspect, logger } = dependencies;
  const verdict = await inspectWithTimeout(inspect, req.headers, timeoutMs);
  if (!verdict.signedIn) {
    if (verdict.error !== undefined) {
      const err = verdict.error;
      const requestId = requestIdOf(res);
      logger.warn({ err, requestId }, 'credential not reissued: retried with the next request');
    }
    return false;
  }
  const [current] = credentialRules.secrets;
  if (current === undefined) return false;
  const { identity, checkedAt, token, source } = verdict;
  const signed = signToken(token, current);
  if (source === 'bearer') res.setHeader('set-auth-token', signed);
  else {
    const secondsLeft = secondsBetween(checkedAt, identity.session.expiresAt);
    setCookies(req, res, { signed, secondsLeft }, dependencies);
  }
  addLogFields(res, { reissued: true });
  return true;
}

function setCookies(
  req: Request,
  res: ExpressResponse,
  { signed, secondsLeft }: { signed: string; secondsLeft: number },
  { config, credentialRules }: ReissueDependencies,
): void {
  const { cookieName, dontRememberCookieName, secrets } = credentialRules;
  const { domain } = config.cookies;
  const attributes: CookieOptions = {
    ...cookieAttributes(config.cookies),
    ...(domain !== undefined && { domain }),
  };
  const [current] = secrets;
  if (current !== undefined && readDontRemember(req.headers.cookie, credentialRules)) {
    res.cookie(cookieName, signed, attributes);
    res.cookie(dontRememberCookieName, signToken('true', current), attributes);
  } else {
    res.cookie(cookieName, signed, { ...attributes, maxAge: secondsLeft * 1000 });
  }
}
