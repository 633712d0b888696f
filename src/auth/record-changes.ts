/**
 * Records what BetterAuth itself creates and changes in the audit trail, in the transaction or the statement of the change:
 * both are written, or neither. What this service changes with its own statements is recorded beside them.
 */
import type { AuditEvent } from '../audit.js';
import { currentTransaction } from '../db/current-transaction.js';
import { joinInserts } from '../db/joined-inserts.js';
import { session as sessionTable } from '../db/schema.js';
import { tokenFingerprint } from '../session/signed-token.js';
import type { Proof, SecondFactorDue } from '../session/proof.js';
import type { AuthDependencies } from './auth-dependencies.js';
import {
  changeAdapter,
  type AdapterMethods,
  type BeginTransaction,
  type CreateAdapter,
} from './change-adapter.js';
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

  /** In a transaction, which the event joins. */
  function recordInTransaction({ create: insert, update }: AdapterMethods) {
    const record = async (event: AuditEvent | undefined): Promise<void> => {
      if (event !== undefined) await trail.record(currentTransaction(orm), event);
    };
    return {
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
    } satisfies Partial<AdapterMethods>;
  }

  /** A session is created with its event in one statement, which costs no round trip; the rare others begin a transaction. */
  function recordOutside({ create: insert, update }: AdapterMethods, begin: BeginTransaction) {
    return {
      create: async (query) => {
        if (query.model === 'user') return begin<never>((inner) => inner.create(query));
        const event = eventOfCreated(query.model, query.data);
        if (event === undefined) return insert<Row, never>(query);
        const collect = (db: Parameters<typeof trail.record>[0]) => trail.record(db, event);
        return joinInserts<never>(orm, sessionTable, collect, () => insert(query));
      },
      update: <T>(query: Parameters<typeof update>[0]) =>
        eventOfUpdated(query.model, query.update) === undefined
          ? update<T>(query)
          : begin((inner) => inner.update<T>(query)),
    } satisfies Partial<AdapterMethods>;
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

  return changeAdapter(create, (methods, begin) =>
    begin === undefined ? recordInTransaction(methods) : recordOutside(methods, begin),
  );
}

const pendingReasons: Readonly<Record<SecondFactorDue, string>> = {
  verify: 'second_factor_required',
  enrol: 'second_factor_enrolment_required',
};
