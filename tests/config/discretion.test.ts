import { expect, test } from 'vitest';
import { readConfig } from '../../src/config/config.js';
import { operatorVariables } from '../../src/config/variables.js';
import { ConfigurationError } from '../../src/config/finding.js';
import { validEnvironment, testNow } from '../support/configuration.js';

const marker = 'zq7marker';

/** Typical mistakes, with a marker in place of a credential. */
const badValues = [
  marker,
  ` ${marker}\n`,
  `"${marker}"`,
  `${marker}=${marker}`,
  `1:${marker}`,
  `1:${marker},1:${marker}`,
  `1:${marker}-${'x'.repeat(40)}`,
  `postgresql://user:${marker}/x@host/db`,
  `mysql://user:${marker}@${marker}/${marker}`,
  `http://${marker}.example.org`,
  `https://${marker}.example.org`,
  `http://localhost/${marker}`,
  `https://*.${marker}.com`,
  `https://user:${marker}@example.org`,
  `https://example.org/?token=${marker}`,
  `.${marker}.vercel.app`,
  `2026-01-31T12:00:00Z ${marker}`,
];

const variables = [
  ...Object.keys(operatorVariables.shape),
  'NODE_ENV',
  'VERCEL_ENV',
  'BETTER_AUTH_API_KEY',
  'COOKIE_SECRET',
];

/** All output about an environment: the findings and the complete error. */
function outputFor(env: Record<string, string | undefined>): string {
  try {
    return JSON.stringify(readConfig({ ...validEnvironment, ...env }, testNow).findings);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return JSON.stringify([error, error.message, error.stack, error.findings]);
  }
}

test.each(variables)('findings about %s have no part of its value', (variable) => {
  for (const value of badValues)
    expect(outputFor({ [variable]: value }), value).not.toMatch(marker);
});

test.each(variables)(
  'findings about %s have no part of its value if other variables are invalid too',
  (variable) => {
    for (const url of ['http://localhost:3001', `https://${marker}.example.org`, marker]) {
      for (const value of badValues) {
        const all = Object.fromEntries(variables.map((name) => [name, marker]));
        const env = { ...all, BETTER_AUTH_URL: url, [variable]: value };
        expect(outputFor(env), `${url} ${value}`).not.toMatch(marker);
      }
    }
  },
);

test('the finding about an invalid value names the variable', () => {
  const output = outputFor({ PORT: marker });
  expect(output).toContain('PORT_INVALID');
});
