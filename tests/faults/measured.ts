/** What a run has measured, rounded so that another machine writes the same. `-- --update` stores it; docs/operating.md shows it. */
import { readFile, writeFile } from 'node:fs/promises';
import { format } from 'prettier';
import { expect } from 'vitest';
import type { FaultList } from './fault.js';

export interface Measured {
  /** Causes in the log lines of the requests that failed. */
  readonly causes: readonly string[];
  readonly slowestMs: number;
  /** Null where nothing fails. */
  readonly recoveryMs: number | null;
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
    // Which of its causes a run meets depends on the moment: those that a fault may have are compared in run-faults.ts.
    for (const [name, { recoveryMs }] of Object.entries(measured)) {
      expect(stored[name]?.recoveryMs === null, name).toBe(recoveryMs === null);
    }
    return;
  }
  const rows = names.map((name) => [name, rounded(measured[name]) ?? stored[name]]);
  const text = JSON.stringify(Object.fromEntries(rows), undefined, 2);
  await writeFile(path, await format(text, { parser: 'json', printWidth: 100 }));
}

/** Up to whole seconds, and to whole lines. */
function rounded(measured: Measured | undefined): Measured | undefined {
  if (measured === undefined) return undefined;
  const up = (milliseconds: number) => Math.max(1, Math.ceil(milliseconds / 1000)) * 1000;
  const { causes, slowestMs, recoveryMs, linesPerRequest } = measured;
  return {
    causes,
    slowestMs: up(slowestMs),
    recoveryMs: recoveryMs === null ? null : up(recoveryMs),
    linesPerRequest: Math.round(linesPerRequest),
  };
}
