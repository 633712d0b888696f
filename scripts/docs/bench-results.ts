/** The results of full runs of `npm run bench -- --json docs/bench/NAME.json`, a column per file. */
import { readdir, readFile } from 'node:fs/promises';
import { formatValue, throughputCells, type Circumstances } from '../../bench/report.js';
import {
  meets,
  targetOn,
  targets,
  type MeasureName,
  type Results,
  type Throughput,
} from '../../bench/targets.js';
import { table } from './markdown.js';

/** A file as `npm run bench` writes it. */
interface Run {
  readonly circumstances: Circumstances;
  readonly results: Results['measured'];
  readonly throughput: readonly Throughput[];
}

const folder = new URL('../../docs/bench/', import.meta.url);

export async function benchResults(): Promise<string> {
  const names = await readdir(folder).catch(() => []);
  const files = names.filter((name) => name.endsWith('.json')).sort();
  const runs = await Promise.all(
    files.map(async (file) => JSON.parse(await readFile(new URL(file, folder), 'utf8')) as Run),
  );
  return formatRuns(runs);
}

/** The circumstances, the table of measures and the table of contenders; a sentence if there is no run. */
export async function formatRuns(runs: readonly Run[]): Promise<string> {
  if (runs.length === 0) return 'No results of this version are stored yet.\n';
  const measureRows = (Object.keys(targets) as MeasureName[])
    .filter((name) => runs.some(({ results }) => results.some(({ measure }) => measure === name)))
    .map((name) => [targets[name].title, ...runs.map((run) => measuredCell(run, name))]);
  const contenders = new Set(
    runs.flatMap(({ throughput }) => throughput.map(({ contender }) => contender)),
  );
  const contenderRows = [...contenders].map((name) => [
    name,
    ...runs.flatMap(({ throughput }) => {
      const row = throughput.find(({ contender }) => contender === name);
      return row === undefined ? ['', ''] : throughputCells(row);
    }),
  ]);
  return [
    `${runs.map(describeRun).join('\n')}\n`,
    await table(['Measure', ...runs.map(nodeOf)], measureRows),
    await table(
      [
        'Contender',
        ...runs.flatMap((run) => [`${nodeOf(run)}: per second`, 'CPU s per 1,000 requests']),
      ],
      contenderRows,
    ),
  ].join('\n');
}

const nodeOf = ({ circumstances }: Run) => `Node ${circumstances.node.slice(1)}`;

function describeRun(run: Run): string {
  const { date, cpus, rounds, secondsPerRound } = run.circumstances;
  return `- ${nodeOf(run)}: ${date}, ${cpus} cores, ${rounds} rounds of ${secondsPerRound} s`;
}

/** The value, with a mark if it misses the target. */
function measuredCell({ circumstances, results }: Run, name: MeasureName): string {
  const result = results.find(({ measure }) => measure === name);
  if (result === undefined) return '';
  const { target } = targetOn(circumstances.node, name);
  const isMissed = target !== undefined && !meets(result.value, target);
  return `${formatValue(result)}${isMissed ? ' (missed)' : ''}`;
}
