/** The result of an import, as text. */
import { omissions, refusals, type Omission, type Refusal } from './check-user.js';
import type { ImportCounts } from './import-users.js';

export function describeCounts(counts: ImportCounts, isDryRun: boolean): string {
  const rows: [number, string][] = [
    [counts.imported, isDryRun ? 'would be imported' : 'imported'],
    [counts.existed, 'skipped: a user with the address exists'],
    ...refusedOf(counts).map(([reason, count]): [number, string] => [
      count,
      `refused: ${reason}: ${refusals[reason]}`,
    ]),
  ];
  const omitted = Object.entries(counts.omitted) as [Omission, number][];
  if (omitted.length > 0) rows.push([NaN, '']);
  for (const [reason, count] of omitted) rows.push([count, `without ${omissions[reason]}`]);
  const width = Math.max(...rows.map(([count]) => String(count).length));
  return rows
    .map(([count, text]) => (text === '' ? '\n' : `${String(count).padStart(width)}  ${text}\n`))
    .join('');
}

export function countRefused(counts: ImportCounts): number {
  return refusedOf(counts).reduce((total, [, count]) => total + count, 0);
}

function refusedOf(counts: ImportCounts): [Refusal, number][] {
  return Object.entries(counts.refused) as [Refusal, number][];
}
