/**
 * Records each new user and session in the audit trail: in their transaction where they have one, otherwise before the
 * response, so that no sign-in which a browser was told of is missing.
 */
import type { BetterAuthOptions } from 'better-auth';
import type { drizzleAdapter } from 'better-auth/adapters/drizzle';
import type { AuditEvent, AuditTrail } from '../audit.js';
import type { Orm } from '../db/client.js';
import { currentTransaction } from '../db/current-transaction.js';
import type { RequestScopes } from '../request-scope.js';
import { tokenFingerprint } from '../session/signed-token.js';
import type { Proof, SecondFactorDue } from '../session/proof.js';
import { renewsSession } from './first-factors.js';

type CreateAdapter = ReturnType<typeof drizzleAdapter>;
type Create = (query: { model: string; data: Record<string, unknown> }) => Promise<unknown>;

interface CreatedSession {
  readonly token: string;
  readonly userId: string;
  readonly aal: number;
  readonly methods: readonly Proof[];
  readonly secondFactorDue: SecondFactorDue | null;
}

/** Changes the adapter in place, as in adapter-error-hook.ts. */
export function recordSignIns(
  create: CreateAdapter,
  orm: Orm,
  scopes: RequestScopes,
  audit: AuditTrail | undefined,
): CreateAdapter {
  if (audit === undefined) return create;
  const trail = audit;

  function recordCreated(adapter: object): void {
    const methods = adapter as { create: Create };
    const insert = methods.create.bind(adapter);
    methods.create = async (query) => {
      const created = await insert(query);
      const event = eventOf(query.model, created);
      if (event !== undefined) await trail.record(currentTransaction(orm), event);
      return created;
    };
  }

  function eventOf(model: string, created: unknown): AuditEvent | undefined {
    if (model === 'user') {
      const { id } = created as { id: string };
      const ownerId = scopes.getStore()?.signUpOwnerId;
      if (ownerId === undefined) return { kind: 'sign_up', outcome: 'success', userId: id };
      return { kind: 'sign_up', outcome: 'refused', reason: 'address_taken', userId: ownerId };
    }
    if (model !== 'session') return undefined;
    const { token, userId, aal, methods, secondFactorDue } = created as CreatedSession;
    const due = secondFactorDue ?? undefined;
    return {
      kind: scopes.getStore()?.endpoint === renewsSession ? 'session_renewal' : 'sign_in',
      outcome: due === undefined ? 'success' : 'pending',
      reason: due && pendingReasons[due],
      userId,
      session: tokenFingerprint(token),
      details: { methods: methods.map(({ method }) => method), aal },
    };
  }

  return (options: BetterAuthOptions) => {
    const adapter = create(options);
    const { transaction } = adapter;
    recordCreated(adapter);
    adapter.transaction = (run) =>
      transaction((inner) => {
        recordCreated(inner);
        return run(inner);
      });
    return adapter;
  };
}

const pendingReasons: Readonly<Record<SecondFactorDue, string>> = {
  verify: 'second_factor_required',
  enrol: 'second_factor_enrolment_required',
};
