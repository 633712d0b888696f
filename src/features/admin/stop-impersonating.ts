/** `POST /api/admin/stop-impersonating`: ends the impersonated session, and gives the operator their own one back. */
import type { RequestHandler } from 'express';
import { eq } from 'drizzle-orm';
import { session } from '../../db/schema.js';
import { endSessions } from '../../db/session-endings.js';
import { auditClientOf } from '../../http/audit-client.js';
import { requestIdOf } from '../../http/request-id.js';
import { sendRefusal } from '../../http/send-error.js';
import { signToken, tokenFingerprint } from '../../session/signed-token.js';
import type { FeatureServices } from '../slots.js';
import { findOperator } from './guard.js';
import { errors } from './reasons.js';
import { sendFailure, sendNoOperator } from './responses.js';
import { sessionCookies } from './session-cookies.js';

export function stopImpersonating(services: FeatureServices): RequestHandler {
  const { config, database, audit, checkSession, credentialRules } = services;
  return async function handleStop(req, res, next) {
    const verdict = await checkSession({ ...req.headers, authorization: undefined }, res);
    const found = findOperator(verdict, false);
    if (!verdict.signedIn) {
      if ('refusal' in found) sendNoOperator(found.refusal, res);
      return;
    }
    const { session: own, user } = verdict.identity;
    const { impersonatedBy } = own as { impersonatedBy?: string | null };
    if (impersonatedBy === undefined || impersonatedBy === null) {
      sendRefusal(res, { code: 'NOT_IMPERSONATING', ...errors.NOT_IMPERSONATING });
      return;
    }
    try {
      await database.orm.transaction(async (tx) => {
        const ending = { reason: 'session_signed_out' } as const;
        await endSessions(tx, eq(session.id, own.id), ending, config.sessionLifetime);
        await audit?.record(tx, {
          kind: 'impersonation',
          outcome: 'success',
          userId: user.id,
          actor: 'operator',
          actorId: impersonatedBy,
          requestId: requestIdOf(res),
          client: auditClientOf(req, config.clientIpHeader),
          details: { state: 'end', userSession: tokenFingerprint(verdict.token) },
        });
      });
      const cookies = sessionCookies(req, res, services);
      const [secret] = credentialRules.secrets;
      const { keptToken } = cookies;
      const back =
        keptToken === undefined || secret === undefined
          ? undefined
          : await services.checkSession(
              {
                ...req.headers,
                authorization: undefined,
                cookie: `${credentialRules.cookieName}=${encodeURIComponent(signToken(keptToken, secret))}`,
              },
              res,
            );
      // Nobody else's session, if the cookie was exchanged.
      const isOwn = back?.signedIn === true && back.identity.user.id === impersonatedBy;
      if (isOwn) {
        const leftMs = back.identity.session.expiresAt.getTime() - back.checkedAt.getTime();
        cookies.set(back.token, Math.floor(leftMs / 1000));
      } else cookies.expire();
      cookies.keepOwn(undefined);
      res.json({ restored: isOwn });
    } catch (error) {
      sendFailure(error, res, next);
    }
  };
}
