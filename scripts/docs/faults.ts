/** The fault matrix of docs/operating.md, with what the last `npm run check:faults -- --update` has measured. */
import { readFile } from 'node:fs/promises';
import { faultFiles } from '../../tests/faults/fault-files.js';
import type { Measured } from '../../tests/faults/measured.js';
import type { Fault } from '../../tests/faults/fault.js';
import { code, table } from './markdown.js';

export async function faultsTable(): Promise<string> {
  const rows: string[][] = [];
  for (const [file, faults] of Object.entries(faultFiles)) {
    const path = new URL(`../../tests/faults/measured/${file}.json`, import.meta.url);
    const measured = JSON.parse(await readFile(path, 'utf8')) as Record<string, Measured>;
    for (const fault of faults) rows.push([fault.name, ...cells(fault, measured[fault.name])]);
  }
  const head = ['Fault', 'Users see', 'The log says', 'Do', 'Answered in', 'Recovery', 'Lines'];
  return table(head, rows);
}

function cells(fault: Fault, measured: Measured | undefined): string[] {
  const { users, todo, reports, refuses } = fault;
  const causes = measured?.causes.map(code) ?? [];
  const said = [
    ...causes,
    ...(reports ? [reports.name] : []),
    ...(refuses ? [code(refuses.reason)] : []),
  ];
  if (measured === undefined) return [users, said.join(', '), todo, '', '', ''];
  const { slowestMs, recoveryMs, linesPerRequest } = measured;
  return [
    users,
    said.join(', ') || 'nothing',
    todo,
    seconds(slowestMs),
    recoveryMs === null ? '–' : seconds(recoveryMs),
    linesPerRequest.toFixed(0),
  ];
}

/** Rounded up, so that a run on another machine writes the same. */
function seconds(milliseconds: number): string {
  return `${Math.max(1, Math.ceil(milliseconds / 1000))} s`;
}
