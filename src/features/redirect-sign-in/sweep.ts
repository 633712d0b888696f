/** When rows are deleted: a day later a refusal still has its precise reason. */
export const sweep = { table: 'redirect_flow', column: 'created_at', afterDays: 1 } as const;
