/** Formats results as tables and as JSON. */
import {
  meets,
  formatBound,
  targetOn,
  type Measured,
  type Results,
  type Throughput,
} from './targets.js';

/** The environment of a run, without which its ratios cannot be compared. */
export interface Circumstances {
  /** UTC, as YYYY-MM-DD. */
  readonly date: string;
  readonly node: string;
  readonly cpus: number;
  readonly quick: boolean;
  readonly rounds: number;
  readonly secondsPerRound: number;
}

/** The environment, a table with one measure per line, and one with the throughput of every contender. */
export function toTables({ measured, throughput }: Results, circumstances: Circumstances): string {
  const { date, node, cpus, rounds, secondsPerRound } = circumstances;
  const parts = [
    `${date}, Node ${node.slice(1)}, ${cpus} processors, ${rounds} rounds of ${secondsPerRound} s\n`,
    columns(
      ['', 'measure', 'measured', 'target', 'medians'],
      measured.map((each) => measureRow(each, node)),
    ),
  ];
  if (throughput.length > 0) {
    parts.push(
      columns(
        ['contender', 'per second', 'CPU s per 1,000'],
        throughput.map((row) => [row.contender, ...throughputCells(row)]),
      ),
    );
  }
  return parts.join('\n');
}

function measureRow({ measure, value, figures }: Measured, node: string): string[] {
  const { title, target } = targetOn(node, measure);
  const mark = target === undefined ? ' ' : meets(value, target) ? '✓' : '✗';
  const bound = target === undefined ? '' : formatBound(target);
  return [mark, title, formatValue({ measure, value }), bound, formatFigures(figures)];
}

/** A measured value with its unit, as shown in tables. */
export function formatValue({ measure, value }: Pick<Measured, 'measure' | 'value'>): string {
  switch (targetOn('', measure).unit) {
    case '×':
      return `${value.toFixed(2)} ×`;
    case 'ms':
      return `${Math.round(value)} ms`;
    case 'queries':
    case 'passwords':
    case 'refused':
    case 'rows':
      return String(value);
  }
}

/** Requests per second and CPU seconds per 1,000 of them, as shown in tables. */
export function throughputCells({ perSecond, cpuSecondsPer1000 }: Throughput): string[] {
  return [formatFigure(perSecond), cpuSecondsPer1000?.toFixed(2) ?? '–'];
}

function columns(head: readonly string[], rows: readonly (readonly string[])[]): string {
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

/** The same with the values of every round. */
export function toJson({ measured, throughput }: Results, circumstances: Circumstances): string {
  const results = measured.map((result) => {
    const { title, unit, target } = targetOn(circumstances.node, result.measure);
    const isMet = target === undefined ? undefined : meets(result.value, target);
    return { ...result, title, unit, target, isMet };
  });
  return `${JSON.stringify({ circumstances, results, throughput }, undefined, 2)}\n`;
}

function formatFigures(figures: Measured['figures']): string {
  return Object.entries(figures)
    .map(([name, value]) => `${name} ${formatFigure(value)}`)
    .join(', ');
}

function formatFigure(value: number): string {
  return value < 100 ? value.toFixed(2) : String(Math.round(value));
}
