/**
 * Strips what dashboards and shells add around a value (white space, quotes), in the same way for every variable, with a
 * warning. Secrets are not changed, because each change gives another HMAC; they are rejected instead.
 */
import { readEnvironment, type Environment } from './environment.js';
import type { Finding } from './finding.js';
import { withoutBlanks, withoutQuotes } from './trim-value.js';
import { isOperatorVariable } from './variables.js';

export interface CleanValues {
  /** The environment with every variable of this service cleaned; empty ones are omitted. */
  readonly env: Environment;
  /** One warning for each value that was changed. */
  readonly findings: readonly Finding[];
  /** Variables that are set to an empty value. */
  readonly empty: ReadonlySet<string>;
}

/** Checked where they are read (secrets.ts), because changing a secret signs out every user. */
const unchangedVariables = new Set(['BETTER_AUTH_SECRET', 'BETTER_AUTH_SECRETS']);

export function cleanValues(environment: Environment): CleanValues {
  const env: Record<string, string> = {};
  const findings: Finding[] = [];
  const empty = new Set<string>();
  for (const [variable, value = ''] of Object.entries(environment)) {
    const isOurs = isOperatorVariable(variable);
    if (!isOurs && value !== '') env[variable] = value;
    if (!isOurs || environment[variable] === undefined) continue;
    const trimmed = withoutBlanks(value);
    const plain = withoutBlanks(withoutQuotes(trimmed));
    if (plain === '') {
      empty.add(variable);
    } else if (unchangedVariables.has(variable) || plain === value) {
      env[variable] = value;
    } else {
      env[variable] = plain;
      findings.push(plain === trimmed ? hasBlanks(variable) : isQuoted(variable));
    }
  }
  return { env, findings, empty };
}

/** For commands that read single variables; the server's configuration also warns about stripped characters. */
export function readCleanEnvironment(): Environment {
  return cleanValues(readEnvironment()).env;
}

/** Corrects findings of missing variables that are set to an empty value. */
export function reportEmptyValues(findings: Finding[], empty: ReadonlySet<string>): void {
  for (const [index, finding] of findings.entries()) {
    if (!empty.has(finding.variable)) continue;
    const message = finding.message.replace(/^is not set/, 'is set, but its value is empty');
    findings[index] = { ...finding, message };
  }
}

function hasBlanks(variable: string): Finding {
  return {
    level: 'warn',
    code: 'VARIABLE_HAS_BLANKS',
    variable,
    message: 'begins or ends with white space, which was removed',
    fix: 'set it again without white space: printf %s adds no newline, echo does',
  };
}

function isQuoted(variable: string): Finding {
  return {
    level: 'warn',
    code: 'VARIABLE_QUOTED',
    variable,
    message: 'is wrapped in quotes, which were removed',
    fix: 'set it again without the quotes: only a shell and an .env file remove them',
  };
}
