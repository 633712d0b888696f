/**
 * How far attempts to connect came: a server that is gone refuses or is silent; one that is stopped, or whose machine
 * swaps, is reached, because its kernel takes connections without it, and says nothing.
 */

interface Attempt {
  /** The TCP connection stands. */
  readonly reached: () => void;
  /** The database let us in, or did not. */
  readonly ended: (error: Error | undefined) => void;
}

export interface ConnectAttempts {
  begin(): Attempt;
  /** Whether an attempt that is under way was reached and waits for a word, or the last one that ended so did. */
  readonly isUnresponsive: () => boolean;
}

export function trackConnectAttempts(): ConnectAttempts {
  const waiting = new Set<object>();
  let wasLastMute = false;
  return {
    begin() {
      const attempt = {};
      return {
        reached: () => void waiting.add(attempt),
        ended(error) {
          wasLastMute = waiting.delete(attempt) && error !== undefined && !saysSomething(error);
        },
      };
    },
    isUnresponsive: () => wasLastMute || waiting.size > 0,
  };
}

/** A refusal of the server has a severity; one of TLS a code. */
function saysSomething(error: Error): boolean {
  return 'severity' in error || 'code' in error;
}
