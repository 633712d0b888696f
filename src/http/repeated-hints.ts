/**
 * Shortens the lines of session checks that are refused for the same cause: the first one of a minute has all fields, the
 * others refer to it by `hintId`. A site whose visitors are signed out causes thousands of them with the same hint.
 */
import { createHash } from 'node:crypto';
import { reasonTable } from '../session/reasons.js';

type LogFields = Record<string, unknown>;

/** Left out of a repeated line: equal in all lines with its `hintId`. */
const sharedFields = [
  'hint',
  'method',
  'code',
  'source',
  'cookieName',
  'valueLength',
  'secretVersion',
] as const;

const fullLineEveryMs = 60_000;

/** Bounds memory: callers influence the hint and the cookie's name. */
const maxKinds = 200;

interface Kind {
  readonly hintId: string;
  readonly at: number;
  repeated: number;
}

/**
 * @param now a monotonic clock in milliseconds
 * @returns a function from the fields of a line to those to log. A line without a hint, or of something else, is unchanged.
 *   `hintId` depends on the shared fields only, so that it is the same in all instances; `hintRepeated` counts the
 *   shortened lines of this process since the last full one.
 */
export function createRepeatedHints(
  now = () => performance.now(),
): (fields: LogFields) => LogFields {
  const kinds = new Map<string, Kind>();

  return function shortenRepeated(fields) {
    const { reason, hint } = fields;
    if (hint === undefined || !isSessionReason(reason)) return fields;
    const key = [reason, ...sharedFields.map((name) => fields[name])].join('\n');
    const known = kinds.get(key);
    if (known !== undefined && now() - known.at < fullLineEveryMs) {
      known.repeated += 1;
      return { ...without(fields, sharedFields), hintId: known.hintId };
    }
    const hintId = known?.hintId ?? shortDigest(key);
    kinds.delete(key); // the oldest is the first
    const [oldest] = kinds.keys();
    if (kinds.size >= maxKinds && oldest !== undefined) kinds.delete(oldest);
    kinds.set(key, { hintId, at: now(), repeated: 0 });
    return { ...fields, hintId, ...(known?.repeated && { hintRepeated: known.repeated }) };
  };
}

/** Other refusals, such as a limit's, are rare. */
function isSessionReason(reason: unknown): boolean {
  return typeof reason === 'string' && Object.hasOwn(reasonTable, reason);
}

function without(fields: LogFields, names: readonly string[]): LogFields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));
}

function shortDigest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 6);
}
