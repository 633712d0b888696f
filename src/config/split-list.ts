/** The entries of a comma-separated variable, without surrounding white space; empty ones are left out. */
export function splitList(value = ''): string[] {
  return value
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}
