/** Diagnostics: the startup report, metrics and timings of a running deployment, for the holder of a token. */
import { z } from 'zod';
import { generateSecret, isGuessable } from '../../config/secrets.js';
import { defineFeature } from '../definition.js';

const variable = 'DIAGNOSTICS_TOKEN';

export const diagnostics = defineFeature({
  name: 'diagnostics',
  summary: 'serves the startup report, metrics and timings of a running deployment to an operator',
  variables: {
    [variable]: z
      .string()
      // What `Authorization: Bearer` can carry (RFC 6750 2.1): no blank, quote or newline that a shell left behind.
      .regex(
        /^[A-Za-z0-9._~+/-]{32,}=*$/,
        'is not 32 or more letters, digits and -._~+/, which a header can carry',
      )
      .optional()
      .describe(
        'the token that opens `/diagnostics`, `/metrics` and `Server-Timing`; 32 characters or more, never the secret',
      ),
  },
  readSettings({ [variable]: token }, { keyRing }, report) {
    if (token === undefined) return undefined;
    const secrets = keyRing === undefined ? [] : [keyRing.current, ...keyRing.previous];
    // It is sent over the wire and stored by other programs, so it must not reveal the secret.
    if (secrets.some(({ value }) => value === token)) {
      const message = 'is also a secret that signs sessions, and must not be';
      const code = 'DIAGNOSTICS_TOKEN_IS_SECRET';
      report({ level: 'error', code, variable, message, fix: generateSecret });
    } else if (isGuessable(token)) {
      const message = 'has few distinct characters and may be guessed';
      const code = 'DIAGNOSTICS_TOKEN_LOW_ENTROPY';
      report({ level: 'warn', code, variable, message, fix: generateSecret });
    }
    return { token };
  },
});
