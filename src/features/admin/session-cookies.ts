/** The cookies with which an operator begins and ends to act as a user. */
import type { IncomingMessage } from 'node:http';
import type { CookieOptions, Response } from 'express';
import { cookieAttributes, cookiePrefix } from '../../config/cookie-policy.js';
import type { Config } from '../../config/config.js';
import { decodeOnce, readCookies } from '../../session/cookie-header.js';
import type { CredentialRules } from '../../session/credential.js';
import { impersonationSeconds } from '../../session/lifetime.js';
import { readDontRemember } from '../../session/sign-with-current-secret.js';
import { signToken, verifySignedToken } from '../../session/signed-token.js';
import { apiPath } from './api-routes.js';

interface Rules {
  readonly config: Pick<Config, 'cookies'>;
  readonly credentialRules: CredentialRules;
}

export interface SessionCookies {
  /** Signs in with this session. */
  set(token: string, secondsLeft: number): void;
  /** Ends the cookie of the session. */
  expire(): void;
  /** Keeps the operator's own session for the way back, or forgets it. */
  keepOwn(token: string | undefined): void;
  /** The token that was kept, if this service signed it. */
  readonly keptToken: string | undefined;
}

export function sessionCookies(
  req: IncomingMessage,
  res: Response,
  { config, credentialRules: rules }: Rules,
): SessionCookies {
  const { secure, domain } = config.cookies;
  const attributes: CookieOptions = {
    ...cookieAttributes(config.cookies),
    ...(domain !== undefined && { domain }),
  };
  // Only the API for operators gets it, and no page of another site can send it.
  const ownName = `${secure ? '__Secure-' : ''}${cookiePrefix}.operator_session`;
  const ownAttributes = { httpOnly: true, secure, sameSite: 'strict', path: apiPath } as const;
  const kept = readCookies(req.headers.cookie ?? '').find(({ name }) => name === ownName);
  const sign = (token: string) => {
    const [current] = rules.secrets;
    if (current === undefined) throw new Error('no secret to sign with');
    return signToken(token, current);
  };
  return {
    set(token, secondsLeft) {
      const isUntilClosed = readDontRemember(req.headers.cookie, rules) !== undefined;
      const lifetime = isUntilClosed ? {} : { maxAge: secondsLeft * 1000 };
      res.cookie(rules.cookieName, sign(token), { ...attributes, ...lifetime });
    },
    expire: () => void res.cookie(rules.cookieName, '', { ...attributes, maxAge: 0 }),
    keepOwn(token) {
      const maxAge = token === undefined ? 0 : impersonationSeconds * 1000;
      const value = token === undefined ? '' : sign(token);
      res.cookie(ownName, value, { ...ownAttributes, maxAge });
    },
    keptToken: kept && verifySignedToken(decodeOnce(kept.value), rules.secrets)?.token,
  };
}
