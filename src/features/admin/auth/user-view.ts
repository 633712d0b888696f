/** What an operator sees of one user: no token, no hash and no secret. */
import { and, desc, eq } from 'drizzle-orm';
import { z } from 'zod';
import { lockPrefixes, secondFactorLockPrefixes } from '../../../auth/sign-in-keys.js';
import { account, session, user } from '../../../db/schema.js';
import { isLive } from '../../../db/session-endings.js';
import { tryLimits, type LimitStore } from '../../../limit-store.js';
import { capExpiry } from '../../../session/lifetime.js';
import { tokenFingerprint } from '../../../session/signed-token.js';
import { rolesOf } from '../../../roles.js';
import { describeSecondFactors } from '../../second-factors.js';
import { mailOutbox, passkey } from '../../tables.js';
import { CallRefused } from '../call.js';
import { operatorEvent, type Handlers, type HandlerServices } from './handler.js';
import { readInput } from './input.js';

const maxRows = 100;

const noQuery = z.strictObject({});

type View = Pick<Handlers, 'showUser' | 'showEmail'>;

export function createUserView(services: HandlerServices): View {
  const { config, database, audit, limits } = services;
  const { orm } = database;

  async function findUser(id: string) {
    const [found] = await orm.select().from(user).where(eq(user.id, id));
    if (found === undefined) throw new CallRefused('USER_NOT_FOUND');
    const { role, ...profile } = found;
    return { ...profile, roles: rolesOf(role) };
  }

  async function sessionsOf(userId: string) {
    const live = and(eq(session.userId, userId), isLive(config.sessionLifetime));
    const rows = await orm
      .select()
      .from(session)
      .where(live)
      .orderBy(desc(session.updatedAt))
      .limit(maxRows);
    return rows
      .map((row) => capExpiry(row, config.sessionLifetime))
      .map(({ token, ...shown }) => ({
        ...shown,
        fingerprint: tokenFingerprint(token),
      }));
  }

  function loginsOf(userId: string) {
    const { id, providerId, createdAt } = account;
    return orm
      .select({ id, provider: providerId, createdAt })
      .from(account)
      .where(eq(account.userId, userId))
      .orderBy(createdAt)
      .limit(maxRows);
  }

  function passkeysOf(userId: string) {
    const { id, name, deviceType, createdAt, lastUsedAt } = passkey;
    return orm
      .select({ id, name, deviceType, createdAt, lastUsedAt })
      .from(passkey)
      .where(eq(passkey.userId, userId))
      .orderBy(createdAt)
      .limit(maxRows);
  }

  function mailsOf(userId: string) {
    const { id, template, state, reason, attempts, createdAt, sentAt } = mailOutbox;
    return orm
      .select({ id, template, state, reason, attempts, createdAt, sentAt })
      .from(mailOutbox)
      .where(eq(mailOutbox.userId, userId))
      .orderBy(desc(createdAt))
      .limit(maxRows);
  }

  /** Counters that may hold the account back, with the current secret or an older one. */
  async function limitsOf(find: LimitStore['find'], userId: string, email: string) {
    const { current, previous } = config.keyRing;
    const prefixes = [current, ...previous].flatMap(({ value }) => [
      ...lockPrefixes(value, email),
      ...secondFactorLockPrefixes(value, userId),
    ]);
    const counters = await find(orm, prefixes);
    return counters.slice(0, maxRows).map(({ key, count, lastRequest }) => {
      const [kind, what] = key.split('|');
      return {
        kind: kind === 'pause' ? 'pause' : 'total',
        of: what === 'factor' ? 'second_factor' : 'password',
        count,
        since: new Date(lastRequest),
      };
    });
  }

  return {
    async showUser(call) {
      readInput(noQuery, call.input);
      const found = await findUser(call.userId);
      const { id, email } = found;
      const tried = tryLimits(limits);
      const shown = {
        user: found,
        sessions: await sessionsOf(id),
        secondFactors: await describeSecondFactors(orm, id),
        passkeys: await passkeysOf(id),
        logins: await loginsOf(id),
        mails: await mailsOf(id),
        limits: await limitsOf(tried.find, id, email),
        limitsUnavailable: tried.unavailable() ?? null,
      };
      await audit.record(orm, operatorEvent(call, 'user_view', id));
      return shown;
    },

    async showEmail(call) {
      const { id, email } = await findUser(call.userId);
      await audit.record(orm, operatorEvent(call, 'user_view', id, { emailOnly: true }));
      return { email };
    },
  };
}
