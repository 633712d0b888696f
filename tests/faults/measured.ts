/** What a run has measured, rounded so that another machine writes the same. `-- --update` stores it; docs/operating.md shows it. */
import { readFile, writeFile } from 'node:fs/promises';
import { expect } from 'vitest';
import type { FaultList } from './fault.js';

export interface Measured {
  /** Causes in the log lines of the requests that failed. */
  readonly causes: readonly string[];
  readonly slowestMs: number;
  readonly recoveryMs: number;
  readonly linesPerRequest: number;
}

declare module 'vitest' {
  export interface ProvidedContext {
    /** Whether the run was started with `--update`. */
    isUpdate: boolean;
  }
}

export async function recordMeasured(
  file: string,
  measured: Readonly<Record<string, Measured>>,
  faults: FaultList,
  isUpdate: boolean,
): Promise<void> {
  const path = new URL(`measured/${file}.json`, import.meta.url);
  const stored = JSON.parse(await readFile(path, 'utf8').catch(() => '{}')) as typeof measured;
  const names = faults.map(({ name }) => name);
  if (!isUpdate) {
    expect(Object.keys(stored)).toEqual(names);
    return;
  }
  const rows = names.map((name) => [name, measured[name] ?? stored[name]]);
  await writeFile(path, `${JSON.stringify(Object.fromEntries(rows), undefined, 2)}\n`);
}
