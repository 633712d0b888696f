/** The import: reads lines, checks users and writes them in batches. A dry run does the same without writing. */
import {
  checkUser,
  type CheckOptions,
  type ImportUser,
  type Omission,
  type Refusal,
} from './check-user.js';
import { readLines, type Line } from './read-lines.js';
import type { Source, SourceUser } from './source-user.js';
import type { WriteUsers } from './write-users.js';
import { CommandRefusedError } from '../command-refused.js';

/** Users in one transaction. */
const batchSize = 500;

export interface ImportCounts {
  imported: number;
  /** Users whose address had an account: nothing of theirs was changed. */
  existed: number;
  /** Lines by the reason why they were not imported. */
  readonly refused: Partial<Record<Refusal, number>>;
  /** Imported users by what was left out of them. */
  readonly omitted: Partial<Record<Omission, number>>;
}

export interface ImportOptions {
  readonly chunks: AsyncIterable<Buffer>;
  readonly source: Source;
  readonly checks: CheckOptions;
  readonly write: WriteUsers[keyof WriteUsers];
  readonly onRefused: (line: number, reason: Refusal) => void;
  /** After each batch. */
  readonly onProgress: (counts: ImportCounts, position: number) => void;
}

/** The file is one JSON document instead of a line for each user; the message says how to convert it. */
export class NotLinesError extends CommandRefusedError {
  override readonly name = 'NotLinesError';
}

/**
 * Stops at the first error of the database: the batches before are written, and a second run continues.
 * @throws NotLinesError, or errors of the driver and of the file
 */
export async function importUsers(options: ImportOptions): Promise<ImportCounts> {
  const { onRefused, onProgress } = options;
  const counts: ImportCounts = { imported: 0, existed: 0, refused: {}, omitted: {} };
  const seen = createSeen();
  let batch: { readonly line: number; readonly user: ImportUser }[] = [];

  function refuse(line: number, reason: Refusal): void {
    counts.refused[reason] = (counts.refused[reason] ?? 0) + 1;
    onRefused(line, reason);
  }

  function omit(reason: Omission): void {
    counts.omitted[reason] = (counts.omitted[reason] ?? 0) + 1;
  }

  async function writeBatch(position: number): Promise<void> {
    const results = await options.write(batch.map(({ user }) => user));
    for (const [index, { line, user }] of batch.entries()) {
      const result = results[index];
      if (result?.outcome === 'id_taken') refuse(line, 'id_taken');
      else if (result?.outcome === 'exists') counts.existed += 1;
      else {
        counts.imported += 1;
        const omitted = new Set(user.omitted);
        if (result !== undefined && result.takenLogins > 0) omitted.add('login_taken');
        omitted.forEach(omit);
      }
    }
    batch = [];
    onProgress(counts, position);
  }

  let position = 0;
  for await (const line of readLines(options.chunks)) {
    ({ position } = line);
    const read = readUser(line, options.source);
    if (read === undefined) continue; // a blank line
    const user = typeof read === 'string' ? read : checkUser(read, options.checks);
    if (typeof user === 'string') refuse(line.number, user);
    else if (seen.isRepeated(user)) refuse(line.number, 'repeated');
    else batch.push({ line: line.number, user: seen.withoutRepeatedLogins(user) });
    if (batch.length >= batchSize) await writeBatch(position);
  }
  await writeBatch(position);
  return counts;
}

const decoder = new TextDecoder('utf-8', { fatal: true }); // also removes a byte order mark

function readUser({ number, bytes }: Line, source: Source): SourceUser | Refusal | undefined {
  if (bytes === undefined) return 'line_too_long';
  let value: unknown;
  try {
    const text = decoder.decode(bytes).trim();
    if (text === '') return undefined;
    if (number === 1) requireLines(text);
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof NotLinesError) throw error;
    return 'not_an_object';
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'not_an_object';
  return source.read(value) ?? 'not_a_user';
}

/** An export that is one document would be refused line by line, or read into memory. */
function requireLines(firstLine: string): void {
  const isDocument =
    firstLine.startsWith('[') || firstLine === '{' || /^\{"users":/.test(firstLine);
  if (!isDocument) return;
  throw new NotLinesError(
    "the file is one JSON document, and this reads one user a line: convert it with jq -c '.[]' (Firebase: jq -c '.users[]')",
  );
}

/** What earlier lines have: their users are perhaps not written yet, and a dry run writes none. */
function createSeen() {
  const keys = new Set<string>();
  const isNew = (key: string) => {
    const { size } = keys;
    return keys.add(key).size > size;
  };
  return {
    isRepeated: ({ email, id }: ImportUser) =>
      !isNew(email) || (id !== undefined && !isNew(`id\0${id}`)),
    withoutRepeatedLogins(user: ImportUser): ImportUser {
      const logins = user.logins.filter(({ provider, subject }) =>
        isNew(`${provider}\0${subject}`),
      );
      if (logins.length === user.logins.length) return user;
      return { ...user, logins, omitted: [...user.omitted, 'login_taken'] };
    },
  };
}
