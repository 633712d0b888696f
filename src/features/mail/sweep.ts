/** When rows of the outbox are deleted: a week leaves time to ask what became of a mail. */
export const sweep = { table: 'mail_outbox', column: 'created_at', afterDays: 7 } as const;
