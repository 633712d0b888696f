/** When deliveries are deleted: a month leaves time to replay them. */
export const sweep = { table: 'webhook_delivery', column: 'created_at', afterDays: 30 } as const;
