/** The events of operators' commands: who did it is unknown, only that it was somebody with access to the database. */
import type { AuditTrail } from '../audit.js';
import type { AuditDetail, AuditKind } from '../audit-kinds.js';
import type { OrmOrTransaction } from '../db/client.js';

interface Operation {
  readonly kind: AuditKind;
  /** Undefined for all users. */
  readonly userId?: string;
  readonly details?: Readonly<Record<string, AuditDetail>>;
}

/** Records a change in its transaction. @throws what the driver throws */
export type RecordOperation = (tx: OrmOrTransaction, operation: Operation) => Promise<void>;

/** @param trail undefined where no audit trail is kept */
export function recordCommands(trail: AuditTrail | undefined): RecordOperation {
  return async (tx, operation) => {
    await trail?.record(tx, {
      ...operation,
      outcome: 'success',
      actor: 'operator',
      actorId: 'command',
    });
  };
}

/** @param source the system that the users come from @returns records their import, with one statement for all of them */
export function recordImports(trail: AuditTrail | undefined, source: string) {
  return async (tx: OrmOrTransaction, userIds: readonly string[]): Promise<void> => {
    const common = {
      kind: 'import',
      outcome: 'success',
      actor: 'operator',
      actorId: 'command',
    } as const;
    await trail?.record(
      tx,
      ...userIds.map((userId) => ({ ...common, userId, details: { source } })),
    );
  };
}
