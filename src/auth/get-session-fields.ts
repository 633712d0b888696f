/** The fields of BetterAuth's get-session response, in its order: derived from its schema for these options. */
import type { BetterAuthOptions } from 'better-auth';
import { getAuthTables } from 'better-auth/db';
import type { FieldOutput, IdentityFields } from '../session/shown-fields.js';
import type { AuthPart } from './auth-part.js';

/** @returns undefined if the response is more than the stored fields, so that only BetterAuth can produce it */
export function getSessionFields(
  options: BetterAuthOptions,
  parts: readonly AuthPart[],
): IdentityFields | undefined {
  if (parts.some(({ changesGetSession }) => changesGetSession === true)) return undefined;
  const { session, user } = getAuthTables(options);
  if (session === undefined || user === undefined) return undefined;
  const userOutputs = Object.assign({}, ...parts.map(({ outputs }) => outputs?.user)) as Outputs;
  if (hasUnknownOutput(session, {}) || hasUnknownOutput(user, userOutputs)) return undefined;
  return {
    session: returnedFields(session),
    user: returnedFields(user),
    outputs: { user: userOutputs },
  };
}

type Table = ReturnType<typeof getAuthTables>[string];
type Outputs = Readonly<Record<string, FieldOutput>>;

function hasUnknownOutput({ fields }: Table, known: Outputs): boolean {
  return Object.entries(fields).some(
    ([name, { transform }]) => transform?.output && transform.output !== known[name],
  );
}

/** The adapter puts the id last; parseSessionOutput and parseUserOutput omit fields with `returned: false`. */
function returnedFields({ fields }: Table): string[] {
  const returned = Object.entries(fields).filter(([, field]) => field.returned !== false);
  return [...returned.map(([name]) => name), 'id'];
}
