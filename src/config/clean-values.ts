/**
 * Takes off what dashboards and shells add around a value (blanks, a newline, quotes), the same way for every variable,
 * and says so. Secrets are left as they are: another HMAC would follow from each change, so they are refused instead.
 */
import { readEnvironment, type Environment } from './environment.js';
import type { Finding } from './finding.js';
import { withoutBlanks, withoutQuotes } from './trim-value.js';
import { operatorVariables } from './variables.js';

export interface CleanValues {
  /** The environment with every variable of this service cleaned; an empty one is left out. */
  readonly env: Environment;
  /** One warning for each value that was changed. */
  readonly findings: readonly Finding[];
  /** Variables that are there and hold nothing: what a dashboard shows as set. */
  readonly empty: ReadonlySet<string>;
}

/** Checked where they are read (secrets.ts), because a changed secret signs everybody out. */
const leftAsTheyAre = new Set(['BETTER_AUTH_SECRET', 'BETTER_AUTH_SECRETS']);

export function cleanValues(environment: Environment): CleanValues {
  const env: Record<string, string> = {};
  const findings: Finding[] = [];
  const empty = new Set<string>();
  for (const [variable, value = ''] of Object.entries(environment)) {
    const isOurs = variable in operatorVariables.shape;
    if (!isOurs && value !== '') env[variable] = value;
    if (!isOurs || environment[variable] === undefined) continue;
    const trimmed = withoutBlanks(value);
    const plain = withoutBlanks(withoutQuotes(trimmed));
    if (plain === '') {
      empty.add(variable);
    } else if (leftAsTheyAre.has(variable) || plain === value) {
      env[variable] = value;
    } else {
      env[variable] = plain;
      findings.push(plain === trimmed ? hasBlanks(variable) : isQuoted(variable));
    }
  }
  return { env, findings, empty };
}

/** For commands that read single variables; a server's configuration also warns of what was taken off. */
export function readCleanEnvironment(): Environment {
  return cleanValues(readEnvironment()).env;
}

/** The finding of a required variable that is not set, told as what it is where the variable is there and empty. */
export function nameEmptyValues(findings: Finding[], empty: ReadonlySet<string>): void {
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
    message: 'begins or ends with a blank or a newline, which was taken off',
    fix: 'set it again without: printf %s adds no newline, echo does',
  };
}

function isQuoted(variable: string): Finding {
  return {
    level: 'warn',
    code: 'VARIABLE_QUOTED',
    variable,
    message: 'is wrapped in quotes, which were taken off',
    fix: 'set it again without the quotes: only a shell and an .env file take them off',
  };
}
