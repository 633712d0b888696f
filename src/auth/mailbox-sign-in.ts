/** Signs in a visitor who has proven to read the mails of an address, with a link or a code instead of a password. */
import { runWithTransaction } from '@better-auth/core/context';
import type { GenericEndpointContext, Session, User } from 'better-auth';
import { APIError } from 'better-auth/api';
import { and, eq } from 'drizzle-orm';
import type { OrmOrTransaction } from '../db/client.js';
import { currentTransaction } from '../db/current-transaction.js';
import { account, user } from '../db/schema.js';
import type { Mail } from '../mailer.js';
import { removeSecondFactors } from '../features/second-factors.js';
import type { FeatureInfo } from '../features/slots.js';
import { withErrorsRecorded } from './atomic-changes.js';
import type { AuthDependencies } from './auth-dependencies.js';
import { duplicateUserCode } from './duplicate-user.js';
import { endSessionsAndLinks } from './end-access.js';
import type { MailedLinks } from './mailed-links.js';
import { siteOf } from './notice-details.js';

/** What was proven. */
interface ProvenAddress {
  /** In lower case. */
  readonly email: string;
  /** Of a new user; the visitor's choice. */
  readonly name?: string | undefined;
  /** Where the proof was mailed to an account: only that one may be signed in to. */
  readonly userId?: string | undefined;
}

export interface MailboxSignIn {
  /** @returns the mail with the link or code; where no account may be created, the one that says so */
  mailTo(mail: Mail, hasAccount: boolean, headers: Headers | undefined): Mail;
  /**
   * In one transaction: uses up the proof, creates the account of an address that has none, ends what an account had
   * before its address was proven, and creates the session. Nothing is used up if any of it fails.
   * @param prove uses up the proof, or throws
   * @param complete is called in the same transaction with the user, before the session is created
   * @throws APIError, what `noAccount` returns, errors of the database
   */
  signIn(
    ctx: GenericEndpointContext,
    prove: (tx: OrmOrTransaction) => Promise<ProvenAddress>,
    complete?: (tx: OrmOrTransaction, user: User, isNew: boolean) => Promise<void>,
  ): Promise<{ readonly user: User; readonly session: Session; readonly isNew: boolean }>;
}

const dayMs = 86_400_000;

interface MailboxSignInRules {
  /** BetterAuth's name for it. */
  readonly method: 'magic-link' | 'email-otp' | 'oauth';
  readonly links: Pick<MailedLinks, 'mailOrigin'>;
  readonly features: readonly FeatureInfo[];
  /** The refusal where there is no account, and none may be created. */
  readonly noAccount: () => APIError;
  /** Whether this address may get an account; by default any may. */
  readonly mayCreate?: (email: string) => boolean;
  /** The refusal where it may not. */
  readonly refuseSignUp?: (email: string) => APIError;
}

export function createMailboxSignIn(
  dependencies: AuthDependencies,
  { method, links, features, noAccount, mayCreate, refuseSignUp }: MailboxSignInRules,
): MailboxSignIn {
  const { config, orm, scopes, mailer } = dependencies;
  // A new user would have to fill in fields first.
  const canSignUp = features.every(({ requiredSignUpFields = [] }) => !requiredSignUpFields.length);

  async function findOrCreateUser(
    tx: OrmOrTransaction,
    { context, headers }: GenericEndpointContext,
    { email, name = '', userId }: ProvenAddress,
  ): Promise<{ readonly owner: User; readonly isNew: boolean }> {
    // So that the account neither loses the address nor is deleted before its session is created.
    await tx.select({ id: user.id }).from(user).where(eq(user.email, email)).for('update');
    const found = (await context.internalAdapter.findUserByEmail(email))?.user;
    // The account was deleted, or has another address by now.
    if (userId !== undefined && found?.id !== userId) throw noAccount();
    if (found === undefined) {
      if (mayCreate?.(email) === false) throw refuseSignUp?.(email) ?? noAccount();
      if (!canSignUp) throw noAccount();
      const values = { email, name, emailVerified: true };
      const owner = await context.internalAdapter.createUser(values, { method });
      return { owner, isNew: true };
    }
    if (await endUnprovenAccess(tx, dependencies, found.id)) {
      const mail: Mail = {
        ...links.mailOrigin(headers),
        template: 'unproven-access-removed',
        to: email,
        data: {},
        expiresAt: new Date(Date.now() + dayMs),
      };
      await mailer?.enqueue(tx, mail);
    }
    return { owner: { ...found, emailVerified: true }, isNew: false };
  }

  return {
    mailTo(mail, hasAccount, headers) {
      if (hasAccount || (canSignUp && mayCreate?.(mail.to) !== false)) return mail;
      return { ...mail, template: 'account-missing', data: { site: siteOf(config, headers) } };
    },

    async signIn(ctx, prove, complete) {
      const { adapter, internalAdapter } = ctx.context;
      const attempt = () =>
        runWithTransaction(adapter, async () => {
          const tx = currentTransaction(orm);
          const { owner, isNew } = await findOrCreateUser(tx, ctx, await prove(tx));
          await complete?.(tx, owner, isNew);
          return { user: owner, session: await internalAdapter.createSession(owner.id), isNew };
        });
      // Another request has created the account meanwhile: the second attempt finds it.
      const retried = async () => {
        try {
          return await attempt();
        } catch (error) {
          if (!isDuplicateUser(error)) throw error;
          return attempt();
        }
      };
      return withErrorsRecorded(scopes, retried());
    },
  };
}

function isDuplicateUser(error: unknown): boolean {
  return error instanceof APIError && error.body?.code === duplicateUserCode;
}

/**
 * Marks the address as proven. If it was not before, somebody else may have created the account to enter it later
 * (account pre-hijacking), so passwords, linked accounts, second factors, sessions, links and pending challenges end.
 * @returns whether a password or a linked account was removed
 */
async function endUnprovenAccess(
  tx: OrmOrTransaction,
  dependencies: AuthDependencies,
  userId: string,
): Promise<boolean> {
  const isUnproven = and(eq(user.id, userId), eq(user.emailVerified, false));
  const promoted = await tx
    .update(user)
    .set({ emailVerified: true, updatedAt: new Date() })
    .where(isUnproven)
    .returning({ id: user.id });
  if (promoted.length === 0) return false;
  const removed = await tx
    .delete(account)
    .where(eq(account.userId, userId))
    .returning({ id: account.id });
  await endSessionsAndLinks(tx, dependencies, userId, 'session_revoked');
  await removeSecondFactors(tx, userId);
  return removed.length > 0;
}
