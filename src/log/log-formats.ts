/** How log lines are written; where not set, `pretty` in a terminal and `json` elsewhere. */
export const logFormats = ['json', 'pretty'] as const;
