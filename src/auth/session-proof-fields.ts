/** The columns of a session's proofs (db/schema.ts), as BetterAuth knows them. No request can set one. */
export const sessionProofFields = {
  aal: { type: 'number', required: false, input: false },
  methods: { type: 'json', required: false, input: false },
  provenAt: { type: 'date', required: false, input: false },
  secondFactorDue: { type: 'string', required: false, input: false, returned: false },
} as const;
