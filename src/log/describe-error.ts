/**
 * Turns any thrown value into log fields that hold no secret. Drizzle puts the statement's parameters (session
 * token, e-mail) into its message, and PostgreSQL quotes values in `detail`: neither is ever taken over.
 */
import { sqlState } from '../db/database-error.js';
import { maskText } from './mask.js';

/** What a log line says of an error. */
export interface ErrorDescription {
  type: string;
  /** SQLSTATE or Node's error code. */
  code?: string;
  message?: string;
  /** The statement with placeholders, never its parameters. */
  statement?: string;
  constraint?: string;
  /** Where it was thrown, without the message. */
  stack?: string[];
  cause?: ErrorDescription;
}

const deepestCause = 3;

/** Describes `error` and up to three causes. */
export function describeError(error: unknown, depth = 0): ErrorDescription {
  if (!(error instanceof Error)) return { type: typeof error };
  const fields = error as Error & { code?: unknown; query?: unknown; constraint?: unknown };
  const isDrizzle = typeof fields.query === 'string' && 'params' in error;
  const description: ErrorDescription = { type: isDrizzle ? 'DrizzleQueryError' : error.name };
  if (typeof fields.code === 'string') description.code = fields.code;
  if (isDrizzle) description.statement = fields.query as string;
  else if (!quotesValues(error)) description.message = maskText(error.message);
  if (typeof fields.constraint === 'string') description.constraint = fields.constraint;
  // Without the message first: a line of it may look like a frame.
  const lines = error.stack?.replace(error.message, '').split('\n');
  const frames = lines?.filter((line) => /^\s+at /.test(line));
  if (frames !== undefined && depth === 0) description.stack = frames.map((line) => line.trim());
  const cause = causeOf(error);
  if (cause !== undefined && depth < deepestCause) {
    description.cause = describeError(cause, depth + 1);
  }
  return description;
}

/** An AggregateError (a refused connection to localhost, once for each address) says nothing itself. */
function causeOf(error: Error): unknown {
  return error.cause ?? (error instanceof AggregateError ? error.errors[0] : undefined);
}

/** Data exceptions and integrity violations (classes 22 and 23) repeat the offending value in the message. */
function quotesValues(error: Error): boolean {
  return /^2[23]/.test(sqlState(error) ?? '');
}
