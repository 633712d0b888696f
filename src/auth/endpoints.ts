/** Maps a path to the pattern of its endpoint: limits and metrics must not depend on made-up parameter values. */

/** @returns the pattern of the endpoint at a path below `/api/auth`; undefined if there is none */
export type FindEndpoint = (path: string) => string | undefined;

/**
 * @param patterns of all endpoints of BetterAuth and its plugins
 * @param enabled the enabled patterns with a parameter; the others belong to features that are off, such as social
 *   sign-in and e-mailed links
 * @throws Error if a pattern to enable does not exist
 */
export function createEndpointFinder(
  patterns: readonly string[],
  enabled: readonly string[],
): FindEndpoint {
  const unknown = enabled.find((pattern) => !patterns.includes(pattern));
  if (unknown !== undefined) throw new Error(`BetterAuth has no endpoint ${unknown}`);
  const fixed = new Set(patterns.filter((pattern) => !pattern.includes(':')));
  return (path) =>
    fixed.has(path) ? path : enabled.find((pattern) => matchesPattern(path, pattern));
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
