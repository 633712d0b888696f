/** Formats of log lines; default: `pretty` in a terminal, `json` elsewhere. */
export const logFormats = ['json', 'pretty'] as const;
