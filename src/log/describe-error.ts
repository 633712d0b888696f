/**
 * Converts any thrown value into log fields without secrets. Drizzle puts the statement's parameters (session token,
 * e-mail) into its message, and PostgreSQL quotes values in `detail`: neither is ever included.
 */
import { sqlState } from './error-chain.js';
import { maskText } from './mask.js';
import { withSourcePosition } from './source-position.js';

/** An error as logged. */
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

const maxCauseDepth = 3;

/** For names, codes and constraints: the code that throws may have taken them from a request. */
const maxNameLength = 100;
const maxStatementLength = 2_000;
const maxFrameLength = 300;
const maxFrames = 30;
/** In characters. */
const maxStackLength = 20_000;

/** Wraps an error whose stack was just logged: its cause is described without a stack. */
export class Untraced extends Error {}

/** Describes `error` and up to three causes. Only the stack of `error` itself is included. */
export function describeError(
  error: unknown,
  { hasStack = true }: { readonly hasStack?: boolean } = {},
): ErrorDescription {
  return describe(error, 0, hasStack);
}

function describe(error: unknown, depth: number, hasStack: boolean): ErrorDescription {
  if (error instanceof Untraced) return describe(error.cause, 1, false);
  if (!(error instanceof Error)) return { type: typeof error };
  const fields = error as Error & { code?: unknown; query?: unknown; constraint?: unknown };
  const isDrizzle = typeof fields.query === 'string' && 'params' in error;
  const description: ErrorDescription = {
    type: isDrizzle ? 'DrizzleQueryError' : shortName(error.name),
  };
  if (typeof fields.code === 'string') description.code = shortName(fields.code);
  if (isDrizzle) {
    description.statement = (fields.query as string).slice(0, maxStatementLength);
  } else if (!quotesValues(error)) {
    description.message = maskText(error.message);
  }
  if (typeof fields.constraint === 'string') {
    description.constraint = shortName(fields.constraint);
  }
  if (hasStack && error.stack !== undefined) description.stack = framesOf(error.stack, error);
  const cause = causeOf(error);
  if (cause !== undefined && depth < maxCauseDepth) {
    description.cause = describe(cause, depth + 1, false);
  }
  return description;
}

/** The stack's frames. The message is removed first, because one of its lines may look like a frame. */
function framesOf(stack: string, { message }: Error): string[] {
  const at = message === '' ? -1 : stack.indexOf(message);
  const rest = at === -1 ? stack : stack.slice(at + message.length);
  const lines = rest.slice(0, maxStackLength).split('\n');
  const frames = lines.filter((line) => /^ {1,8}at /.test(line)).slice(0, maxFrames);
  return frames.map((line) => withSourcePosition(line.trim().slice(0, maxFrameLength)));
}

/** Unmasked if it has no digits, so it cannot be a token: long class names would be masked otherwise. */
function shortName(name: string): string {
  const short = name.slice(0, maxNameLength);
  return /^[A-Za-z_$.]*$/.test(short) ? short : maskText(short);
}

/** An AggregateError (a refused connection to localhost, one error per address) has no message itself. */
function causeOf(error: Error): unknown {
  return error.cause ?? (error instanceof AggregateError ? error.errors[0] : undefined);
}

/** Data exceptions and integrity violations (classes 22 and 23) repeat the offending value in the message. */
function quotesValues(error: Error): boolean {
  return /^2[23]/.test(sqlState(error) ?? '');
}
