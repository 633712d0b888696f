/**
 * The shortcut: a plain `GET /api/auth/get-session` is answered from the inspector's verdict, byte for byte as
 * BetterAuth 1.7.25 would. docs/decisions/0001-get-session-shortcut.md says why that is safe, and what would end it.
 */
import type { Request, Response } from 'express';
import { authBasePath } from '../auth/auth-names.js';
import type { Identity, Verdict } from '../session/inspector.js';
import { isRefreshDue, type SessionLifetime } from '../session/lifetime.js';

const path = `${authBasePath}/get-session`;

/** Cookies that change BetterAuth's answer: its cached session, in one piece or several, and "don't remember me". */
const decisiveCookies = /session_data|dont_remember/;

/**
 * Answers where that is certain to be BetterAuth's answer: no query, no bearer token, no other cookie of BetterAuth,
 * a session signed with the present secret, and nothing to write.
 * @returns whether it answered
 */
export function answerPlainGetSession(
  req: Request,
  res: Response,
  { reason, identity, token }: Verdict,
  rules: SessionLifetime,
  now: Date,
): boolean {
  const { authorization, cookie = '' } = req.headers;
  if (req.originalUrl !== path || authorization !== undefined || decisiveCookies.test(cookie)) {
    return false;
  }
  if (reason !== 'valid' || identity === undefined || token === undefined) return false;
  if (isRefreshDue(identity.session, rules, now)) return false;
  res.setHeader('cache-control', 'no-store');
  res.setHeader('pragma', 'no-cache');
  res.setHeader('content-type', 'application/json; charset=utf-8');
  res.end(asBetterAuthWrites(identity, token));
  return true;
}

/** In the order of BetterAuth's fields. */
function asBetterAuthWrites({ session, user }: Identity, token: string): string {
  return JSON.stringify({
    session: {
      expiresAt: session.expiresAt,
      token,
      createdAt: session.createdAt,
      updatedAt: session.updatedAt,
      ipAddress: session.ipAddress,
      userAgent: session.userAgent,
      userId: session.userId,
      id: session.id,
    },
    user: {
      name: user.name,
      email: user.email,
      emailVerified: user.emailVerified,
      image: user.image,
      createdAt: user.createdAt,
      updatedAt: user.updatedAt,
      id: user.id,
    },
  });
}
