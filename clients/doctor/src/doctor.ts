#!/usr/bin/env node
/**
 * The `auth-service-doctor` command: checks a running deployment from outside and prints a checklist. It needs no
 * access to the database, and never prints a credential.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { inspect } from 'node:util';
import { createChecklist, paintFor, summary } from './checklist.js';
import { exitStatus } from './finding.js';
import { createLookupTxt } from './dns-client.js';
import { createHttpClient } from './http-client.js';
import { readOptions, usage, UsageError, type Options } from './options.js';
import { createRedaction } from './redact.js';
import { runChecks, type SectionFinding } from './run-checks.js';
import { readEnvironment } from './service.js';

const { stdout, stderr } = process;
// The reader may close the pipe (`| head`): help must end without a stack trace, and the user must still be deleted.
for (const output of [stdout, stderr]) output.on('error', () => undefined);
const interruption = new AbortController();
process.exitCode = await main(process.argv.slice(2));

/** @returns the exit status */
async function main(args: readonly string[]): Promise<number> {
  let options: Options | 'help';
  try {
    options = readOptions(args);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    stderr.write(`${error.message}\n\n${usage}`);
    return 2;
  }
  if (options !== 'help') return run(options);
  stdout.write(usage);
  return 0;
}

async function run({ json, ...options }: Options): Promise<number> {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (!interruption.signal.aborted) stderr.write('\ninterrupted: cleaning up\n');
      interruption.abort(new Error('interrupted'));
    });
  }
  stdout.on('error', () => interruption.abort(new Error('the output was closed')));
  // An empty value counts as not set, as in the service.
  const diagnosticsToken = readEnvironment().DIAGNOSTICS_TOKEN || undefined;
  const { registerSecret, redact } = createRedaction();
  if (diagnosticsToken !== undefined) registerSecret(diagnosticsToken);
  const { request, close } = createHttpClient(interruption.signal);
  const paint = paintFor(stdout);
  const formatFinding = createChecklist(paint);
  const findings: SectionFinding[] = [];
  let isComplete = false;
  try {
    const lookupTxt = createLookupTxt();
    const context = { ...options, diagnosticsToken, request, lookupTxt, wait, registerSecret };
    for await (const finding of runChecks(context)) {
      findings.push(finding);
      if (!json) stdout.write(redact(formatFinding(finding)));
    }
    isComplete = true;
  } catch (error) {
    // A bug of this command. The status must not be 1, which means that the deployment is at fault.
    if (!interruption.signal.aborted) stderr.write(`${redact(inspect(error))}\n`);
  } finally {
    close();
  }
  const status = isComplete ? exitStatus(findings) : 2;
  if (json) {
    const document = { authUrl: options.authUrl, exitStatus: status, isComplete, findings };
    // Before serialization, which would escape a quotation mark in a secret.
    const redactValue = (_key: string, value: unknown) =>
      typeof value === 'string' ? redact(value) : value;
    stdout.write(`${JSON.stringify(document, redactValue, 2)}\n`);
  } else {
    stdout.write(summary(findings, paint));
  }
  return status;
}

async function wait(
  seconds: number,
  reason: string,
  { uninterrupted = false }: { readonly uninterrupted?: boolean } = {},
): Promise<void> {
  stderr.write(`    … ${seconds} s: ${reason}\n`);
  await delay(seconds * 1000, undefined, uninterrupted ? {} : { signal: interruption.signal });
}
