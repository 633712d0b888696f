/** Traces work within a request, without loading OpenTelemetry. */

/**
 * Starts a span below that of the request at hand.
 * @returns a function that ends it; undefined if the request is not traced
 */
export type StartChild = (
  name: string,
  attributes: Readonly<Record<string, string>>,
) => ((error?: unknown) => void) | undefined;
