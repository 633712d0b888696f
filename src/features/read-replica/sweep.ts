/** Instances that have stopped leave their row. One that still runs writes it again. */
export const sweep = { table: 'replica_heartbeat', column: 'written_at', afterDays: 1 } as const;
