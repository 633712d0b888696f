/** Turns what a provider said into a session: the one place where a redirect signs in, signs up or links. */
import { runWithTransaction } from '@better-auth/core/context';
import type { GenericEndpointContext, Session, User } from 'better-auth';
import { APIError } from 'better-auth/api';
import { and, eq } from 'drizzle-orm';
import { withErrorsRecorded } from '../../../auth/atomic-changes.js';
import type { AuthDependencies } from '../../../auth/auth-dependencies.js';
import { duplicateUserCode } from '../../../auth/duplicate-user.js';
import { lockOwner } from '../../../auth/link-rows.js';
import { findOwnSession, isStillSignedIn } from '../../../auth/own-session.js';
import { requireLevel } from '../../../auth/require-level.js';
import type { OrmOrTransaction } from '../../../db/client.js';
import { currentTransaction } from '../../../db/current-transaction.js';
import { uniqueViolation } from '../../../db/database-error.js';
import { account } from '../../../db/schema.js';
import type { ProviderIdentity } from '../../../identity-providers.js';
import { decideAccount, type AccountDecision, type SignUpRules } from '../account-decision.js';
import type { FlowRow, Flows } from '../flows.js';
import type { NoticeOfLogin } from './notice-of-login.js';
import type { Refuse } from './refusals.js';
import { createTokenColumns } from './token-columns.js';

export interface SignedIn {
  readonly user: User;
  readonly session: Session;
  readonly result: 'signed_in' | 'signed_up' | 'linked';
}

type OwnSession = Awaited<ReturnType<typeof findOwnSession>>;

export type SignInWithIdentity = ReturnType<typeof createSignInWithIdentity>;

export interface SignInParts {
  readonly flows: Flows;
  readonly rules: SignUpRules;
  readonly refuse: Refuse;
  readonly writeNotice: NoticeOfLogin;
}

export function createSignInWithIdentity(
  { config, orm, scopes, identityProviders, audit }: AuthDependencies,
  { flows, rules, refuse, writeNotice }: SignInParts,
) {
  const keepTokens = identityProviders?.keepTokens === true;
  const tokenColumns = createTokenColumns(keepTokens);

  /** Without those that the provider did not send again: many send a refresh token only the first time. */
  async function newTokenColumns(ctx: GenericEndpointContext, identity: ProviderIdentity) {
    const columns = Object.entries(await tokenColumns(ctx, identity));
    return Object.fromEntries(columns.filter(([, value]) => value !== null));
  }

  /** @throws on a violated unique constraint where the login has got an owner meanwhile */
  async function linkAccount(
    tx: OrmOrTransaction,
    ctx: GenericEndpointContext,
    user: User,
    provider: string,
    identity: ProviderIdentity,
    isNew = false,
  ): Promise<void> {
    await ctx.context.internalAdapter.createAccount({
      userId: user.id,
      providerId: provider,
      accountId: identity.subject,
      ...(await tokenColumns(ctx, identity)),
    });
    if (isNew) return;
    await writeNotice(tx, 'login-linked', user, provider, ctx.headers);
    await audit?.record(tx, {
      kind: 'login_link',
      outcome: 'success',
      userId: user.id,
      details: { provider },
    });
  }

  /** Locked, so that nobody ends all access to the account meanwhile, as "That was not me" does. */
  async function findUser(
    tx: OrmOrTransaction,
    { context }: GenericEndpointContext,
    userId: string,
  ): Promise<User> {
    await lockOwner(tx, userId);
    const user = await context.internalAdapter.findUserById(userId);
    if (user === null) throw refuse('code_used', undefined); // deleted in between, and the code with it
    return user;
  }

  /** @param own the session that the request came with */
  async function apply(
    tx: OrmOrTransaction,
    ctx: GenericEndpointContext,
    row: FlowRow,
    identity: ProviderIdentity,
    decision: Exclude<AccountDecision, { kind: 'prove' | 'refuse' }>,
    own: OwnSession,
  ): Promise<SignedIn> {
    const { internalAdapter } = ctx.context;
    const { provider } = row;
    const { email = '', emailVerified, name = '', image } = identity;
    switch (decision.kind) {
      case 'create': {
        const values = { email, emailVerified, name, ...(image !== undefined && { image }) };
        const user = await internalAdapter.createUser(values, { method: 'oauth' });
        await linkAccount(tx, ctx, user, provider, identity, true);
        return { user, session: await internalAdapter.createSession(user.id), result: 'signed_up' };
      }
      case 'link': {
        const user = await findUser(tx, ctx, decision.userId);
        if (own?.user.id === user.id) {
          await requireActive(tx, row, own);
          await requireLevel(tx, config.features, own.session);
        }
        await linkAccount(tx, ctx, user, provider, identity);
        if (own?.user.id === user.id) return { user, session: own.session, result: 'linked' };
        return { user, session: await internalAdapter.createSession(user.id), result: 'signed_in' };
      }
      default: {
        const user = await findUser(tx, ctx, decision.userId);
        if (row.linkUserId !== null) await requireActive(tx, row, own);
        if (keepTokens) {
          const login = and(
            eq(account.providerId, provider),
            eq(account.accountId, identity.subject),
          );
          await tx
            .update(account)
            .set(await newTokenColumns(ctx, identity))
            .where(login);
        }
        if (row.linkUserId !== null && own !== undefined) {
          return { user, session: own.session, result: 'linked' };
        }
        return { user, session: await internalAdapter.createSession(user.id), result: 'signed_in' };
      }
    }
  }

  /** @throws APIError with the reason */
  function requireOwner(row: FlowRow, own: OwnSession): void {
    if (row.linkUserId === null) return;
    if (own === undefined) throw refuse('session_missing', row.provider);
    if (own.user.id !== row.linkUserId) throw refuse('session_differs', row.provider);
  }

  /** Again within the transaction, once the user is locked: the session may have been ended meanwhile. */
  async function requireActive(
    tx: OrmOrTransaction,
    { provider }: FlowRow,
    own: OwnSession,
  ): Promise<void> {
    if (own === undefined) return;
    const isActive = await isStillSignedIn(tx, own.user.id, own.session.token);
    if (!isActive) throw refuse('session_missing', provider);
  }

  async function attempt(
    ctx: GenericEndpointContext,
    row: FlowRow,
    mayLinkOwn: boolean,
  ): Promise<SignedIn> {
    const own = await findOwnSession(ctx.context.internalAdapter, scopes);
    requireOwner(row, own);
    const identity = flows.identityOf(row);
    if (identity === undefined) throw refuse('code_used', row.provider);
    return runWithTransaction(ctx.context.adapter, async () => {
      const tx = currentTransaction(orm);
      if (!(await flows.redeem(tx, row, new Date()))) throw refuse('code_used', row.provider);
      const decided = await decideAccount(tx, row.provider, identity, rules, row.linkUserId);
      if (decided.kind === 'refuse') throw refuse(decided.reason, row.provider);
      const decision =
        decided.kind === 'prove' ? proven(decided, row, identity, own, mayLinkOwn) : decided;
      if (decision === undefined) throw new ProofRequired(decided as ProofDecision, identity);
      return apply(tx, ctx, row, identity, decision, own);
    });
  }

  return {
    /**
     * In one transaction: uses up the code, finds or creates the account, links the login, and creates the session.
     * Nothing is used up if any of it fails.
     * @param mayLinkOwn the visitor has signed in meanwhile in order to link the login
     * @throws ProofRequired, APIError with the reason, errors of the database
     */
    signIn: async (
      ctx: GenericEndpointContext,
      row: FlowRow,
      mayLinkOwn: boolean,
    ): Promise<SignedIn> => {
      const retried = async () => {
        try {
          return await attempt(ctx, row, mayLinkOwn);
        } catch (error) {
          // Another redirect of the same person has created the account or the login: now it is found.
          if (!isDuplicate(error)) throw error;
          return attempt(ctx, row, mayLinkOwn);
        }
      };
      const signedIn = await withErrorsRecorded(scopes, retried());
      const scope = scopes.getStore();
      if (scope !== undefined) scope.hasLinkedLogin = signedIn.result === 'linked';
      return signedIn;
    },
    linkAccount,
  };
}

type ProofDecision = Extract<AccountDecision, { kind: 'prove' }>;

/** The visitor must prove an address or an account first. The code was not used up. */
export class ProofRequired extends APIError {
  constructor(
    readonly decision: ProofDecision,
    readonly identity: ProviderIdentity,
  ) {
    super('FORBIDDEN');
  }
}

/** A session that began after the redirect proves that the account is the visitor's own. */
function proven(
  { reason, userId }: ProofDecision,
  { createdAt }: FlowRow,
  { email }: ProviderIdentity,
  own: OwnSession,
  mayLinkOwn: boolean,
): Extract<AccountDecision, { kind: 'link' }> | undefined {
  if (own === undefined || !mayLinkOwn || own.session.createdAt < createdAt) return undefined;
  const isOwner = reason === 'email_missing' || own.user.id === userId || own.user.email === email;
  return isOwner ? { kind: 'link', userId: own.user.id } : undefined;
}

const loginIsUnique = 'account_provider_id_account_id_key';

function isDuplicate(error: unknown): boolean {
  if (error instanceof APIError) return error.body?.code === duplicateUserCode;
  return uniqueViolation(error) === loginIsUnique;
}
