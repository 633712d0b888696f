/**
 * How session checks grow with processes, and what they cost the database: `npm run build`, then
 * `node --import tsx bench/growth.ts [--seconds 10] [--write]`. With `--write` the tables of docs/scaling.md are written.
 * The load, the service and PostgreSQL share the processors, so CPU seconds say more than checks per second.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { replaceBetween } from '../scripts/docs/markdown.js';
import { startCluster } from './cluster.js';
import { serviceProgram, start, type Contender } from './contender.js';
import { cpuSecondsOf, waitUntilIdle } from './cpu.js';
import { formatGrowth, type GrowthRow } from './growth-tables.js';
import { load, sessionChecks } from './load.js';
import { seedSessions, signedIn } from './seed.js';

const { seconds, write } = parseArgs({
  options: {
    seconds: { type: 'string', default: '10' },
    write: { type: 'boolean', default: false },
  },
}).values;

const seed = { sessions: 100_000, users: 10_000 };
const visitors = 5_000;
const connections = 64;
const warmUpSeconds = 3;
const page = fileURLToPath(new URL('../docs/scaling.md', import.meta.url));
const pathOf = (file: string) => fileURLToPath(new URL(file, import.meta.url));

const cluster = await startCluster();
try {
  const url = await cluster.createDatabase('growth');
  await seedSessions(url, seed);
  const requests = sessionChecks('/session', signedIn(seed, visitors));
  const wasIdle = await waitUntilIdle();
  const rows: GrowthRow[] = [];
  for (const processes of [1, 2, 4]) {
    process.stderr.write(`${processes} process(es)\n`);
    const service = await start(clusterProgram(url, processes), cluster.folder);
    try {
      await service.ready();
      await load(service, { requests, connections, span: { seconds: warmUpSeconds } });
      rows.push(await measure(service, processes));
    } finally {
      await service.stop();
    }
  }
  const circumstances = {
    date: new Date().toISOString().slice(0, 10),
    node: process.version.slice(1),
    processors: availableParallelism(),
    model: cpus()[0]?.model ?? 'unknown',
    connections,
    wasIdle,
    ...seed,
  };
  const tables = formatGrowth(rows, circumstances);
  process.stdout.write(`${tables}\n`);
  if (write) await writeTables(tables);

  async function measure(service: Contender, processes: number): Promise<GrowthRow> {
    const postgres = Number(
      (await readFile(join(cluster.folder, 'postgres/postmaster.pid'), 'utf8')).split('\n')[0],
    );
    const [ofService, ofPostgres] = [
      await familySeconds(service.pid),
      await familySeconds(postgres),
    ];
    const span = { seconds: Number(seconds) };
    const { perSecond, latenciesMs } = await load(service, { requests, connections, span });
    const per1000 = (used: number) => (1000 * used) / latenciesMs.length;
    return {
      processes,
      perSecond,
      serviceSecondsPer1000: per1000((await familySeconds(service.pid)) - ofService),
      databaseSecondsPer1000: per1000((await familySeconds(postgres)) - ofPostgres),
    };
  }
} finally {
  await cluster.stop();
}

function clusterProgram(databaseUrl: string, processes: number) {
  const { env } = serviceProgram(databaseUrl);
  return {
    name: `service-${processes}`,
    command: process.execPath,
    args: ['--import', import.meta.resolve('tsx'), pathOf('contenders/service-cluster.ts')],
    env: { ...env, PROCESSES: String(processes), SERVICE_FILE: pathOf('../dist/server.js') },
  };
}

/** CPU seconds of a process and its children so far. @throws without a Linux /proc */
async function familySeconds(pid: number): Promise<number> {
  const children = await childrenOf(pid);
  const all = await Promise.all([pid, ...children].map((each) => cpuSecondsOf(each)));
  if (all[0] === undefined) throw new Error('this needs /proc, which only Linux has');
  return all.reduce((sum: number, one) => sum + (one ?? 0), 0);
}

async function childrenOf(pid: number): Promise<number[]> {
  const tasks = await readdir(`/proc/${pid}/task`).catch(() => []);
  const lists = await Promise.all(
    tasks.map((task) => readFile(`/proc/${pid}/task/${task}/children`, 'utf8').catch(() => '')),
  );
  return lists.flatMap((list) => list.split(' ').filter(Boolean).map(Number));
}

async function writeTables(tables: string): Promise<void> {
  await writeFile(page, replaceBetween(await readFile(page, 'utf8'), 'growth', `${tables}\n`));
  process.stderr.write('docs/scaling.md written: npx prettier --write docs/scaling.md\n');
}
