/**
 * Records what BetterAuth itself creates and changes in the audit trail: in the transaction if there is one, otherwise
 * before the response, so that no success that a browser has seen is missing. What this service changes with its own
 * statements is recorded next to them.
 */
import type { AuditEvent } from '../audit.js';
import { currentTransaction } from '../db/current-transaction.js';
import { tokenFingerprint } from '../session/signed-token.js';
import type { Proof, SecondFactorDue } from '../session/proof.js';
import type { AuthDependencies } from './auth-dependencies.js';
import { changeAdapter, type CreateAdapter } from './change-adapter.js';
import { renewsSession } from './first-factors.js';

type Row = Record<string, unknown>;

interface CreatedSession {
  readonly token: string;
  readonly userId: string;
  readonly aal: number;
  readonly methods: readonly Proof[];
  readonly secondFactorDue: SecondFactorDue | null;
}

export function recordChanges(
  create: CreateAdapter,
  { orm, scopes, audit }: Pick<AuthDependencies, 'orm' | 'scopes' | 'audit'>,
): CreateAdapter {
  if (audit === undefined) return create;
  const trail = audit;

  async function record(event: AuditEvent | undefined): Promise<void> {
    if (event !== undefined) await trail.record(currentTransaction(orm), event);
  }

  function eventOfCreated(model: string, created: unknown): AuditEvent | undefined {
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

  /** Of the user who is signed in: both endpoints require a session. */
  function eventOfUpdated(model: string, update: Row): AuditEvent | undefined {
    const { endpoint, userId, sessionToken } = scopes.getStore() ?? {};
    const session = sessionToken && tokenFingerprint(sessionToken);
    const common = { outcome: 'success', userId, session } as const;
    if (model === 'user' && endpoint === '/update-user') {
      const fields = Object.keys(update).filter(
        (field) => field !== 'updatedAt' && update[field] !== undefined,
      );
      return { kind: 'profile_change', ...common, details: { fields } };
    }
    const setsPassword = model === 'account' && typeof update.password === 'string';
    if (setsPassword && endpoint === '/change-password') {
      return { kind: 'password_change', ...common };
    }
    return undefined;
  }

  return changeAdapter(create, ({ create: insert, update }) => ({
    create: async (query) => {
      const created = await insert(query);
      await record(eventOfCreated(query.model, created));
      return created as never;
    },
    update: async <T>(query: Parameters<typeof update>[0]) => {
      const updated = await update<T>(query);
      if (updated !== null) await record(eventOfUpdated(query.model, query.update));
      return updated;
    },
  }));
}

const pendingReasons: Readonly<Record<SecondFactorDue, string>> = {
  verify: 'second_factor_required',
  enrol: 'second_factor_enrolment_required',
};
