/** The session cookie that leaves with BetterAuth's answer, where BetterAuth alone would send none or one that lasts too long. */
import type { CookieOptions, Request, Response as ExpressResponse } from 'express';
import type { Config } from '../config/config.js';
import { decodeOnce, readCookies } from '../session/cookie-header.js';
import type { CredentialRules } from '../session/credential.js';
import type { Verdict } from '../session/inspector.js';
import { signToken, verifySignedToken } from '../session/signed-token.js';
import { addLogFields } from './request-log.js';

/** Cuts the cookie's Max-Age at the session's absolute end, of which BetterAuth knows nothing. */
export function cutMaxAge(answer: Response, cookieName: string, endsAt: Date, now: Date): void {
  const maxAge = `Max-Age=${secondsBetween(now, endsAt)}`;
  const lines = answer.headers.getSetCookie();
  answer.headers.delete('set-cookie');
  for (const line of lines) {
    const isSession = line.startsWith(`${cookieName}=`);
    answer.headers.append('set-cookie', isSession ? line.replace(/Max-Age=\d+/, maxAge) : line);
  }
}

/** Whether the answer itself sets or clears the session cookie. */
export function setsSessionCookie(answer: Response, cookieName: string): boolean {
  return answer.headers.getSetCookie().some((line) => line.startsWith(`${cookieName}=`));
}

/**
 * Hands out the credential of `verdict` signed with the present secret, in the form in which the old one came: as
 * cookie with the attributes and the remaining lifetime of the old one, or in `set-auth-token`.
 */
export function handOutResigned(
  req: Request,
  res: ExpressResponse,
  { identity, token, source }: Verdict,
  { config, credentialRules, now }: HandOutDependencies,
): void {
  const [present] = credentialRules.secrets;
  if (identity === undefined || token === undefined || present === undefined) return;
  const signed = signToken(token, present);
  addLogFields(res, { resigned: true });
  if (source === 'bearer') {
    res.setHeader('set-auth-token', signed);
    return;
  }
  const { sameSite, secure, partitioned, domain } = config.cookies;
  const attributes: CookieOptions = { httpOnly: true, path: '/', sameSite, secure, partitioned };
  if (domain !== undefined) attributes.domain = domain;
  const { cookieName, dontRememberCookieName } = credentialRules;
  if (isNotRemembered(req.headers.cookie ?? '', credentialRules)) {
    res.cookie(cookieName, signed, attributes);
    res.cookie(dontRememberCookieName, signToken('true', present), attributes);
  } else {
    const maxAge = secondsBetween(now(), identity.session.expiresAt) * 1000;
    res.cookie(cookieName, signed, { ...attributes, maxAge });
  }
}

export interface HandOutDependencies {
  readonly config: Config;
  readonly credentialRules: CredentialRules;
  readonly now: () => Date;
}

function isNotRemembered(header: string, rules: CredentialRules): boolean {
  const cookie = readCookies(header).find(({ name }) => name === rules.dontRememberCookieName);
  return verifySignedToken(decodeOnce(cookie?.value ?? ''), rules.secrets) !== undefined;
}

function secondsBetween(from: Date, to: Date): number {
  return Math.max(0, Math.round((to.getTime() - from.getTime()) / 1000));
}
