/** An expired challenge is refused as expired. A day later also by the clock of every instance. */
export const sweep = { table: 'passkey_challenge', column: 'expires_at', afterDays: 1 } as const;
