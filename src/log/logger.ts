/** One JSON object a line. The fields of our own lines are chosen one by one; redaction is the second net. */
import { pino, type DestinationStream, type Logger } from 'pino';
import { describeError } from './describe-error.js';

export type { Logger };

const secretFields = ['password', 'token', 'cookie', 'authorization', 'secret', 'email'];

/**
 * Creates the service's logger.
 * @param destination where lines go; standard output where not given
 */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: describeError },
      redact: { paths: secretFields.flatMap((name) => [name, `*.${name}`]), censor },
    },
    // Synchronous: a function that is suspended after its answer would lose buffered lines.
    destination ?? standardOutput(),
  );
}

/** Objects named like a secret (the start-up report's `secret`, `cookie`) describe one; strings may be one. */
function censor(value: unknown): unknown {
  return typeof value === 'object' ? value : '[redacted]';
}

/** A full disk or a closed pipe behind standard output costs lines, not the service. */
function standardOutput(): DestinationStream {
  const output = pino.destination({ dest: 1, sync: true });
  return {
    write(line) {
      try {
        output.write(line);
      } catch {
        // There is nowhere left to tell.
      }
    },
  };
}
