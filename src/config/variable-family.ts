/** Variables whose name has a part of the operator's choice, such as `OIDC_<NAME>_ISSUER`. */
import type { Environment } from './environment.js';

const placeholder = '<NAME>';
const chosenName = '([A-Z][A-Z0-9_]{0,30}?)';

/** The part of the variable's name in the place of `<NAME>`; undefined if it is not of the family. */
export function nameInFamily(pattern: string, variable: string): string | undefined {
  return new RegExp(`^${pattern.replace(placeholder, chosenName)}$`).exec(variable)?.[1];
}

/** The values of a family, by chosen name. */
export function familyOf(env: Environment, pattern: string): Readonly<Record<string, string>> {
  const found = Object.entries(env).flatMap(([variable, value]) => {
    const name = nameInFamily(pattern, variable);
    return name === undefined || value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(found);
}

/** What the names of a family begin with, such as `OIDC_`. */
export function familyPrefix(pattern: string): string {
  return pattern.slice(0, pattern.indexOf(placeholder));
}
