/** How long a device counts as known: who returns after half a year gets a notice. */
export const sweep = { table: 'known_device', column: 'seen_at', afterDays: 180 } as const;
