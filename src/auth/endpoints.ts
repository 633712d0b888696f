/** Which endpoint a path leads to, as a pattern: limits and metrics must not depend on values that a visitor makes up. */

/** @returns the pattern of the endpoint at a path below `/api/auth`; undefined where there is none */
export type FindEndpoint = (path: string) => string | undefined;

/**
 * @param patterns of all endpoints that BetterAuth has with its plugins
 * @param opened those patterns with a parameter that are switched on; the others are off, because they belong to social
 *   sign-in and mailed links, which are features
 * @throws Error where a pattern to open does not exist
 */
export function createEndpointFinder(
  patterns: readonly string[],
  opened: readonly string[],
): FindEndpoint {
  const unknown = opened.find((pattern) => !patterns.includes(pattern));
  if (unknown !== undefined) throw new Error(`BetterAuth has no endpoint ${unknown}`);
  const fixed = new Set(patterns.filter((pattern) => !pattern.includes(':')));
  return (path) =>
    fixed.has(path) ? path : opened.find((pattern) => matchesPattern(path, pattern));
}

/** A parameter is one segment and not empty, as in BetterAuth's router. */
function matchesPattern(path: string, pattern: string): boolean {
  const [segments, expected] = [path.split('/'), pattern.split('/')];
  return (
    segments.length === expected.length &&
    expected.every((part, index) =>
      part.startsWith(':') ? segments[index] !== '' : segments[index] === part,
    )
  );
}
