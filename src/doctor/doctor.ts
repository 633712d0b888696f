#!/usr/bin/env node
/**
 * `npm run doctor`, and the package's bin: examines a running deployment from outside and prints a checklist.
 * Needs no access to the database, imports no part of the service that does, and never prints a credential.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { inspect } from 'node:util';
import { readEnvironment } from '../config/environment.js';
import { createChecklist, paintFor, summary } from './checklist.js';
import { examine, type SectionFinding } from './examine.js';
import { exitStatus } from './finding.js';
import { createHttpClient } from './http-client.js';
import { readOptions, usage, UsageError, type Options } from './options.js';
import { createRedaction } from './redact.js';

const { stdout, stderr } = process;
// Whoever reads may leave (`| head`): help ends without a stack, and a wait that nobody is told of is no reason to
// leave the user.
for (const output of [stdout, stderr]) output.on('error', () => undefined);
const interruption = new AbortController();
let options: Options | undefined;
try {
  options = readOptions(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  stderr.write(`${error.message}\n\n${usage}`);
}
if (options === undefined) {
  const isHelp = process.argv.slice(2).some((arg) => arg === '--help' || arg === '-h');
  if (isHelp) stdout.write(usage);
  process.exitCode = isHelp ? 0 : 2;
} else {
  process.exitCode = await run(options);
}

async function run({ json, ...asked }: Options): Promise<number> {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (!interruption.signal.aborted) stderr.write('\ninterrupted: cleaning up\n');
      interruption.abort(new Error('interrupted'));
    });
  }
  // Whoever reads has left (`| head`): clean up, then end.
  stdout.on('error', () => interruption.abort(new Error('nobody reads')));
  // Empty counts as not set, as for the service itself.
  const diagnosticsToken = readEnvironment().DIAGNOSTICS_TOKEN || undefined;
  const { keep, redact } = createRedaction();
  if (diagnosticsToken !== undefined) keep(diagnosticsToken);
  const { ask, close } = createHttpClient(interruption.signal);
  const paint = paintFor(stdout);
  const lines = createChecklist(paint);
  const findings: SectionFinding[] = [];
  let isWhole = false;
  try {
    const examination = { ...asked, diagnosticsToken, ask, wait, keepSecret: keep };
    for await (const finding of examine(examination)) {
      findings.push(finding);
      if (!json) stdout.write(redact(lines(finding)));
    }
    isWhole = true;
  } catch (error) {
    // A fault of this command. Its status must not be 1, which says that the deployment is at fault.
    if (!interruption.signal.aborted) stderr.write(`${redact(inspect(error))}\n`);
  } finally {
    close();
  }
  const status = isWhole ? exitStatus(findings) : 2;
  if (json) {
    const document = { authUrl: asked.authUrl, exitStatus: status, isWhole, findings };
    // Before they are quoted: a secret that holds a quotation mark would not be found behind its backslash.
    const told = (_key: string, value: unknown) =>
      typeof value === 'string' ? redact(value) : value;
    stdout.write(`${JSON.stringify(document, told, 2)}\n`);
  } else {
    stdout.write(summary(findings, paint));
  }
  return status;
}

async function wait(
  seconds: number,
  why: string,
  { uninterrupted = false }: { readonly uninterrupted?: boolean } = {},
): Promise<void> {
  stderr.write(`    … ${seconds} s: ${why}\n`);
  await delay(seconds * 1000, undefined, uninterrupted ? {} : { signal: interruption.signal });
}
