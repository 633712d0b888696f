/**
 * The fast path: a plain `GET /api/auth/get-session` is answered from the inspector's verdict, byte for byte as
 * BetterAuth 1.7.25 would. docs/decisions/0001-get-session-shortcut.md explains why that is safe and when it must be removed.
 */
import type { Request, Response } from 'express';
import { getSessionPath } from '../auth/auth-constants.js';
import type { Identity, Verdict } from '../session/inspector.js';
import { isRefreshDue, type SessionLifetime } from '../session/lifetime.js';
import { pickFields, type IdentityFields } from '../session/shown-fields.js';

/** BetterAuth's cached session, in one piece or several, and "don't remember me". */
const cookiesThatChangeTheResponse = /session_data|dont_remember/;

/**
 * Answers if BetterAuth's response is certain: no query, no bearer token, no other cookie of BetterAuth, a session
 * signed with the current secret, and nothing to write.
 * @param fields of BetterAuth's response; undefined if they are not known, so that BetterAuth answers
 * @returns whether it answered
 */
export function handlePlainGetSession(
  req: Request,
  res: Response,
  verdict: Verdict,
  fields: IdentityFields | undefined,
  rules: SessionLifetime,
): boolean {
  const { authorization, cookie = '' } = req.headers;
  if (fields === undefined || req.originalUrl !== getSessionPath) return false;
  if (authorization !== undefined || cookiesThatChangeTheResponse.test(cookie)) return false;
  if (!verdict.signedIn || verdict.reason !== 'valid') return false;
  const { identity, checkedAt, token } = verdict;
  if (isRefreshDue(identity.session, rules, checkedAt)) return false;
  res.setHeader('cache-control', 'no-store');
  res.setHeader('pragma', 'no-cache');
  res.setHeader('content-type', 'application/json; charset=utf-8');
  res.end(serializeLikeBetterAuth(identity, token, fields));
  return true;
}

function serializeLikeBetterAuth(
  { session, user }: Identity,
  token: string,
  fields: IdentityFields,
): string {
  return JSON.stringify(
    pickFields({ session: { ...session, token } as Identity['session'], user }, fields),
  );
}
