/** One JSON object a line. The fields of our own lines are chosen one by one; redaction is the second net. */
import { pino, type DestinationStream, type Logger } from 'pino';
import { describeError } from './describe-error.js';

export type { Logger };

/** Fields of these names may hold a secret, whoever wrote them. */
const secretFields = new Set(['password', 'token', 'cookie', 'authorization', 'secret', 'email']);

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
      // pino's own redaction takes 30 µs a line with paths like `*.token`: a fifth of a whole session check.
      formatters: { level: (label) => ({ level: label }), log: (fields) => withoutSecrets(fields) },
      serializers: { err: describeError },
    },
    // Synchronous: a function that is suspended after its answer would lose buffered lines.
    destination ?? standardOutput(),
  );
}

/**
 * The fields with every text under a secret's name taken out, one level down too. Objects named like a secret (the
 * start-up report's `secret`, `cookie`) describe one; only a text may be one.
 */
function withoutSecrets(fields: Record<string, unknown>, depth = 0): Record<string, unknown> {
  const shown: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (secretFields.has(name) && typeof value !== 'object') shown[name] = '[redacted]';
    else shown[name] = depth === 0 && isPlainObject(value) ? withoutSecrets(value, 1) : value;
  }
  return shown;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return Object.prototype.toString.call(value) === '[object Object]';
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
