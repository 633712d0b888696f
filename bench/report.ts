/** What was measured, as a table for people and as JSON for machines. */
import { targets, meets, formatBound, type Target, type Measured } from './targets.js';

/** Under which circumstances: without them a ratio cannot be compared. */
export interface Circumstances {
  readonly node: string;
  readonly cpus: number;
  readonly quick: boolean;
  readonly rounds: number;
  readonly secondsPerRound: number;
}

/** The table: a measure a line, its value, its target, whether it is met, and what it was made of. */
export function toTable(measured: readonly Measured[]): string {
  const rows = measured.map(({ measure, value, figures }) => {
    const { title, unit, target }: Target = targets[measure];
    const mark = target === undefined ? ' ' : meets(value, target) ? '✓' : '✗';
    const told = unit === '×' ? `${value.toFixed(2)} ×` : String(value);
    return [
      mark,
      title,
      told,
      target === undefined ? '' : formatBound(target),
      formatFigures(figures),
    ];
  });
  const head = ['', 'measure', 'measured', 'target', 'medians'];
  const widths = head.map((_cell, column) =>
    Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)),
  );
  const lines = [head, ...rows].map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return `${lines.join('\n')}\n`;
}

/** The same with every round, and the circumstances. */
export function toJson(measured: readonly Measured[], circumstances: Circumstances): string {
  const results = measured.map((result) => {
    const { title, unit, target }: Target = targets[result.measure];
    const isMet = target === undefined ? undefined : meets(result.value, target);
    return { ...result, title, unit, target, isMet };
  });
  return `${JSON.stringify({ circumstances, results }, undefined, 2)}\n`;
}

function formatFigures(figures: Measured['figures']): string {
  return Object.entries(figures)
    .map(([name, value]) => `${name} ${value < 100 ? value.toFixed(2) : Math.round(value)}`)
    .join(', ');
}
