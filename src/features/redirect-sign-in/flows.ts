/** The rows of redirects that came back: each state is used once, and each code is redeemed once. */
import { and, eq, gt, isNotNull, isNull } from 'drizzle-orm';
import { createToken, hashToken } from '../../auth/link-token.js';
import type { OrmOrTransaction } from '../../db/client.js';
import type { ProviderIdentity } from '../../identity-providers.js';
import type { RedirectReasonName } from './reasons.js';
import type { FlowState, States } from './state.js';
import { redirectFlow } from './tables.js';

/** How long a page has to redeem a code. */
const codeLifetimeMs = 60_000;

/** How long the same code stays valid for a visitor who has to prove an address or an account first. */
const proofLifetimeMs = 600_000;

export type FlowRow = typeof redirectFlow.$inferSelect;

export type Flows = ReturnType<typeof createFlows>;

/** Why the code of a flow cannot be redeemed with this verifier; undefined if it can. */
export function redeemFault(
  { challenge, codeExpiresAt, redeemedAt }: FlowRow,
  verifier: string,
): Extract<RedirectReasonName, 'verifier_wrong' | 'code_used' | 'code_expired'> | undefined {
  if (hashToken(verifier) !== challenge) return 'verifier_wrong';
  if (redeemedAt !== null) return 'code_used';
  return codeExpiresAt !== null && codeExpiresAt > new Date() ? undefined : 'code_expired';
}

export function createFlows(states: Pick<States, 'sealIdentity' | 'openIdentity'>) {
  const idOf = ({ flow }: Pick<FlowState, 'flow'>) => hashToken(flow);
  const codeFor = (now: Date) => {
    const code = createToken();
    const codeExpiresAt = new Date(now.getTime() + codeLifetimeMs);
    return { code, columns: { codeHash: hashToken(code), codeExpiresAt } };
  };

  return {
    /** Uses up the state: of concurrent callbacks one gets true. */
    async begin(
      db: OrmOrTransaction,
      state: FlowState,
      flow: Pick<FlowRow, 'challenge' | 'origin'>,
      now: Date,
    ): Promise<boolean> {
      const begun = await db
        .insert(redirectFlow)
        .values({
          id: idOf(state),
          provider: state.provider,
          linkUserId: state.linkUserId,
          createdAt: now,
          ...flow,
        })
        .onConflictDoNothing()
        .returning({ id: redirectFlow.id });
      return begun.length > 0;
    },

    /** Keeps what the provider said. @returns the code for the page */
    async issueCode(
      db: OrmOrTransaction,
      state: FlowState,
      identity: ProviderIdentity,
      now: Date,
    ): Promise<string> {
      const id = idOf(state);
      const { code, columns } = codeFor(now);
      await db
        .update(redirectFlow)
        .set({ ...columns, identity: states.sealIdentity(JSON.stringify(identity), id) })
        .where(eq(redirectFlow.id, id));
      return code;
    },

    /**
     * For a callback that the same browser opens again, where it has not redeemed the first code: a reload or a double
     * click discards the answer that had it.
     * @returns another code instead of the first one; undefined where there is nothing to redeem
     */
    async reissueCode(
      db: OrmOrTransaction,
      state: FlowState,
      now: Date,
    ): Promise<string | undefined> {
      const { code, columns } = codeFor(now);
      const open = and(
        eq(redirectFlow.id, idOf(state)),
        isNotNull(redirectFlow.identity),
        isNull(redirectFlow.redeemedAt),
        isNull(redirectFlow.linkId),
        gt(redirectFlow.codeExpiresAt, now),
      );
      const reissued = await db
        .update(redirectFlow)
        .set(columns)
        .where(open)
        .returning({ id: redirectFlow.id });
      return reissued.length > 0 ? code : undefined;
    },

    async findByCode(db: OrmOrTransaction, code: string): Promise<FlowRow | undefined> {
      const [row] = await db
        .select()
        .from(redirectFlow)
        .where(eq(redirectFlow.codeHash, hashToken(code)));
      return row;
    },

    async findByLink(db: OrmOrTransaction, linkId: string): Promise<FlowRow | undefined> {
      const [row] = await db.select().from(redirectFlow).where(eq(redirectFlow.linkId, linkId));
      return row;
    },

    /** Of concurrent calls one gets true. */
    async redeem(db: OrmOrTransaction, { id }: FlowRow, now: Date): Promise<boolean> {
      const redeemed = await db
        .update(redirectFlow)
        .set({ redeemedAt: now, identity: null })
        .where(and(eq(redirectFlow.id, id), isNull(redirectFlow.redeemedAt)))
        .returning({ id: redirectFlow.id });
      return redeemed.length > 0;
    },

    /** The visitor has to prove something first, which takes longer than a minute. */
    async extend(db: OrmOrTransaction, { id, createdAt }: FlowRow): Promise<void> {
      const codeExpiresAt = new Date(createdAt.getTime() + proofLifetimeMs);
      await db.update(redirectFlow).set({ codeExpiresAt }).where(eq(redirectFlow.id, id));
    },

    async setLink(db: OrmOrTransaction, { id }: FlowRow, linkId: string): Promise<void> {
      await db.update(redirectFlow).set({ linkId }).where(eq(redirectFlow.id, id));
    },

    /** @returns undefined where no secret decrypts it any more */
    identityOf({ id, identity }: FlowRow): ProviderIdentity | undefined {
      const text = identity === null ? undefined : states.openIdentity(identity, id);
      return text === undefined ? undefined : (JSON.parse(text) as ProviderIdentity);
    },
  };
}
