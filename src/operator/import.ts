#!/usr/bin/env node
/** `npm run import`: imports users of another system into the database. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { AuditTrail } from '../audit.js';
import { readCleanEnvironment } from '../config/clean-values.js';
import type { Database } from '../db/client.js';
import { createCommandTrail } from '../features/create-feature-audit.js';
import { explainUnavailable } from '../db/unavailable.js';
import { createLogger } from '../log/logger.js';
import { recordImports } from './audit.js';
import { CommandRefusedError } from './command-refused.js';
import { toJson } from './describe-user.js';
import { readFirebaseConfig } from './import/firebase-config.js';
import { refusals, type Refusal } from './import/check-user.js';
import { importUsers, NotLinesError, type ImportCounts } from './import/import-users.js';
import { readImportCommand, usage, type ImportCommand } from './import/options.js';
import { createProfileCheck } from './import/profile-check.js';
import { createProgress } from './import/progress.js';
import type { Source } from './import/source-user.js';
import { auth0 } from './import/sources/auth0.js';
import { clerk } from './import/sources/clerk.js';
import { firebase } from './import/sources/firebase.js';
import { generic } from './import/sources/generic.js';
import { kratos } from './import/sources/kratos.js';
import { supabase } from './import/sources/supabase.js';
import { countRefused, describeCounts } from './import/summary.js';
import { createWriteUsers } from './import/write-users.js';
import { openDatabase } from './open-database.js';
import { confirm } from './prompt.js';
import { runCommand } from './run-command.js';

const { stdin, stdout, stderr } = process;
const logger = createLogger('info', { write: (line) => void stderr.write(line) });

/** Of a batch. A database that is busy with the service may take longer than a request is allowed to. */
const queryTimeoutMs = 60_000;
/** Lines in the JSON document; standard error has all of them. */
const maxListedLines = 1_000;

await runCommand(usage, readImportCommand, run);

async function run(command: ImportCommand): Promise<number> {
  const env = readCleanEnvironment();
  const source = await findSource(command);
  const size = await sizeOf(command.file);
  const database = await openDatabase(env, queryTimeoutMs);
  const trail = createCommandTrail(env, { database, now: () => new Date(), logger });
  const checks = {
    providers: new Map([...Object.entries(source.providers), ...command.logins]),
    keepIds: command.keepIds,
    withoutUnknownPasswords: command.withoutUnknownPasswords,
    checkProfile: await createProfileCheck(env),
    now: new Date(),
  };
  const pass = (isDryRun: boolean) =>
    runPass({
      trail,
      command,
      source,
      checks,
      size,
      database,
      isDryRun,
      listsLines: isDryRun || command.yes,
    });
  try {
    if (command.dryRun || command.yes) return report(command, await pass(command.dryRun));
    const planned = await pass(true);
    stderr.write(describeCounts(planned.counts, true));
    if (planned.counts.imported === 0) return report(command, planned);
    if (!(await confirm(`Import ${planned.counts.imported} users?`))) {
      stdout.write(command.json ? toJson({ outcome: 'declined' }) : 'nothing was imported\n');
      logger.info({ action: 'import', outcome: 'declined' }, 'import');
      return 1;
    }
    return report(command, await pass(false));
  } finally {
    await database.close();
  }
}

interface Pass {
  readonly trail: AuditTrail | undefined;
  readonly command: ImportCommand;
  readonly source: Source;
  readonly checks: Parameters<typeof importUsers>[0]['checks'];
  readonly size: number | undefined;
  readonly database: Database;
  readonly isDryRun: boolean;
  /** The second pass refuses the lines that the first one has listed. */
  readonly listsLines: boolean;
}

interface PassResult {
  readonly isDryRun: boolean;
  readonly counts: ImportCounts;
  readonly refusedLines: { readonly line: number; readonly reason: Refusal }[];
}

/** Reads the whole file once. */
async function runPass(pass: Pass): Promise<PassResult> {
  const { trail, command, source, checks, size, database, isDryRun, listsLines } = pass;
  const writer = createWriteUsers(database.orm, recordImports(trail, command.from));
  const progress = createProgress(stderr, { size, isDryRun, clock: () => performance.now() });
  const refusedLines: PassResult['refusedLines'] = [];
  let latest: ImportCounts | undefined;
  try {
    const counts = await importUsers({
      chunks: command.file === '-' ? stdin : createReadStream(command.file),
      source,
      checks,
      write: (users) => (isDryRun ? writer.plan(users) : writer.write(users)),
      onRefused(line, reason) {
        if (refusedLines.length < maxListedLines) refusedLines.push({ line, reason });
        if (listsLines) progress.line(`line ${line}: ${reason}: ${refusals[reason]}`);
      },
      onProgress(soFar, position) {
        latest = soFar;
        progress.show(soFar, position);
      },
    });
    return { isDryRun, counts, refusedLines };
  } catch (error) {
    progress.end();
    if (error instanceof NotLinesError) throw error;
    if (isFileError(error)) throw new CommandRefusedError(`the file cannot be read: ${error.code}`);
    const { code } = explainUnavailable(error);
    const { imported = 0 } = latest ?? {};
    logger.error({ action: 'import', outcome: 'failed', imported, code, err: error }, 'import');
    if (!isDryRun)
      stderr.write(`${imported} users were imported before this: run it again to continue\n`);
    throw error;
  } finally {
    progress.end();
  }
}

function report(command: ImportCommand, { isDryRun, counts, refusedLines }: PassResult): number {
  const refused = countRefused(counts);
  const outcome = isDryRun ? 'checked' : 'done';
  const omittedLines = refused - refusedLines.length;
  stdout.write(
    command.json
      ? toJson({ outcome, ...counts, refusedLines, ...(omittedLines > 0 && { omittedLines }) })
      : describeCounts(counts, isDryRun),
  );
  logger.info({ action: 'import', outcome, ...counts }, 'import');
  return refused > 0 ? 1 : 0;
}

async function findSource({ from, firebaseConfig }: ImportCommand): Promise<Source> {
  if (from !== 'firebase') return { generic, auth0, clerk, kratos, supabase }[from];
  return firebase(
    firebaseConfig === undefined ? undefined : await readFirebaseConfig(firebaseConfig),
  );
}

/** @returns undefined for standard input and what is no regular file */
async function sizeOf(file: string): Promise<number | undefined> {
  if (file === '-') return undefined;
  try {
    const found = await stat(file);
    if (found.isDirectory()) throw new CommandRefusedError('the file is a folder');
    return found.isFile() ? found.size : undefined;
  } catch (error) {
    if (isFileError(error)) throw new CommandRefusedError(`the file cannot be read: ${error.code}`);
    throw error;
  }
}

/** Whether the error is one of the file, and not of the database's socket. */
function isFileError(error: unknown): error is NodeJS.ErrnoException & { code: string } {
  const { path, code } = error as NodeJS.ErrnoException;
  return error instanceof Error && typeof path === 'string' && typeof code === 'string';
}
