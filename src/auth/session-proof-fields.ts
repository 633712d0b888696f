/**
 * The columns of a session's proofs (db/schema.ts), and of who impersonates its user, as BetterAuth knows them. No request
 * can set one.
 */
export const sessionProofFields = {
  aal: { type: 'number', required: true, input: false },
  methods: { type: 'json', required: true, input: false },
  provenAt: { type: 'date', required: true, input: false },
  secondFactorDue: { type: 'string', required: false, input: false, returned: false },
  // Known even where the feature is off, because it limits the session's lifetime.
  impersonatedBy: { type: 'string', required: false, input: false, returned: false },
} as const;
