/**
 * Tracks how far connection attempts got. A server that is down refuses the TCP connection or does not respond to it.
 * With a suspended or swapping server the TCP connection succeeds, because the kernel accepts it, but nothing is sent.
 */

interface Attempt {
  /** The TCP connection is established. */
  readonly connected: () => void;
  /** The attempt succeeded, or failed with this error. */
  readonly ended: (error: Error | undefined) => void;
}

export interface ConnectAttempts {
  begin(): Attempt;
  /** Whether a pending attempt, or the last failed one, has a TCP connection on which the server sent nothing. */
  readonly isUnresponsive: () => boolean;
}

export function trackConnectAttempts(): ConnectAttempts {
  const waiting = new Set<object>();
  let wasLastUnresponsive = false;
  return {
    begin() {
      const attempt = {};
      return {
        connected: () => void waiting.add(attempt),
        ended(error) {
          wasLastUnresponsive =
            waiting.delete(attempt) && error !== undefined && !isResponse(error);
        },
      };
    },
    isUnresponsive: () => wasLastUnresponsive || waiting.size > 0,
  };
}

/** Server errors have a severity, TLS errors a code. */
function isResponse(error: Error): boolean {
  return 'severity' in error || 'code' in error;
}
