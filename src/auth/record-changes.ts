/**
 * Records what BetterAuth itself creates and changes in the audit trail, in the transaction or the statement of the change:
 * both are written, or neither. What this service changes with its own statements is recorded beside them.
 */
import type { BetterAuthOptions } from 'better-auth';
import type { drizzleAdapter } from 'better-auth/adapters/drizzle';
import type { AuditEvent } from '../audit.js';
import { currentTransaction } from '../db/current-transaction.js';
import { joinInserts } from '../db/joined-inserts.js';
import { session as sessionTable } from '../db/schema.js';
import { tokenFingerprint } from '../session/signed-token.js';
import type { Proof, SecondFactorDue } from '../session/proof.js';
import type { AuthDependencies } from './auth-dependencies.js';
import { renewsSession } from './first-factors.js';

type CreateAdapter = ReturnType<typeof drizzleAdapter>;
type Row = Record<string, unknown>;

interface Writing {
  create: (query: { model: string; data: Row }) => Promise<unknown>;
  update: (query: { model: string; update: Row }) => Promise<unknown>;
}

type Transaction = <T>(run: (inner: Writing) => Promise<T>) => Promise<T>;

interface CreatedSession {
  readonly token: string;
  readonly userId: string;
  readonly aal: number;
  readonly methods: readonly Proof[];
  readonly secondFactorDue: SecondFactorDue | null;
}

/** Changes the adapter in place, as in adapter-error-hook.ts. */
export function recordChanges(
  create: CreateAdapter,
  { orm, scopes, audit }: Pick<AuthDependencies, 'orm' | 'scopes' | 'audit'>,
): CreateAdapter {
  if (audit === undefined) return create;
  const trail = audit;

  /** Of an adapter in a transaction. */
  function recordWrites(adapter: object): void {
    const methods = adapter as Writing;
    const insert = methods.create.bind(adapter);
    const update = methods.update.bind(adapter);
    methods.create = async (query) => {
      const created = await insert(query);
      const event = eventOfCreated(query.model, created);
      if (event !== undefined) await trail.record(currentTransaction(orm), event);
      return created;
    };
    methods.update = async (query) => {
      const updated = await update(query);
      const event = eventOfUpdated(query.model, query.update);
      if (updated !== null && event !== undefined) {
        await trail.record(currentTransaction(orm), event);
      }
      return updated;
    };
  }

  /** A session is created with its event in one statement, which costs no round trip; the rare others begin a transaction. */
  function recordWritesOutside(adapter: object, transaction: Transaction): void {
    const methods = adapter as Writing;
    const insert = methods.create.bind(adapter);
    const update = methods.update.bind(adapter);
    methods.create = async (query) => {
      if (query.model === 'user') return transaction((inner) => inner.create(query));
      const event = eventOfCreated(query.model, query.data);
      if (event === undefined) return insert(query);
      const collect = (db: Parameters<typeof trail.record>[0]) => trail.record(db, event);
      return joinInserts(orm, sessionTable, collect, () => insert(query));
    };
    methods.update = (query) =>
      eventOfUpdated(query.model, query.update) === undefined
        ? update(query)
        : transaction((inner) => inner.update(query));
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

  return (options: BetterAuthOptions) => {
    const adapter = create(options);
    const { transaction } = adapter;
    adapter.transaction = (run) =>
      transaction((inner) => {
        recordWrites(inner);
        return run(inner);
      });
    recordWritesOutside(adapter, adapter.transaction as unknown as Transaction);
    return adapter;
  };
}

const pendingReasons: Readonly<Record<SecondFactorDue, string>> = {
  verify: 'second_factor_required',
  enrol: 'second_factor_enrolment_required',
};
