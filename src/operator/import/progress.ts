/** How far an import is, on standard error: a bar in a terminal, otherwise a line every ten seconds. */
import type { ImportCounts } from './import-users.js';

const intervalMs = { terminal: 200, other: 10_000 };
const barLength = 24;

export interface ProgressOutput {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

export interface Progress {
  show(counts: ImportCounts, position: number): void;
  /** Writes a line above the bar. */
  line(text: string): void;
  /** Removes the bar. */
  end(): void;
}

export interface ProgressOptions {
  /** Of the file in bytes; undefined if it is not known. */
  readonly size: number | undefined;
  readonly isDryRun: boolean;
  /** In milliseconds. */
  readonly clock: () => number;
}

export function createProgress(
  output: ProgressOutput,
  { size, isDryRun, clock }: ProgressOptions,
): Progress {
  const isTerminal = output.isTTY === true;
  const interval = isTerminal ? intervalMs.terminal : intervalMs.other;
  let shownAt = clock();
  let bar = '';
  const clear = () => {
    if (bar !== '') output.write('\r\u001b[2K');
  };

  return {
    show({ imported, existed }, position) {
      if (clock() - shownAt < interval) return;
      shownAt = clock();
      const part = size === undefined || size === 0 ? undefined : Math.min(1, position / size);
      const done = `${imported} ${isDryRun ? 'to import' : 'imported'}, ${existed} existed`;
      const percent = part === undefined ? '' : `${Math.floor(part * 100)} %, `;
      if (!isTerminal) {
        output.write(`${percent}${done}\n`);
        return;
      }
      clear();
      const filled = Math.round((part ?? 0) * barLength);
      const shape = part === undefined ? '' : `[${'='.repeat(filled).padEnd(barLength)}] `;
      bar = `${shape}${percent}${done}`;
      output.write(bar);
    },
    line(text) {
      clear();
      output.write(`${text}\n${bar}`);
    },
    end() {
      clear();
      bar = '';
    },
  };
}
