/** The tables of bench/growth.ts, in Markdown: what was measured, and what is computed from it. */

export interface GrowthRow {
  /** Of the service. */
  readonly processes: number;
  readonly perSecond: number;
  readonly serviceSecondsPer1000: number;
  readonly databaseSecondsPer1000: number;
}

export interface GrowthCircumstances {
  readonly date: string;
  readonly node: string;
  readonly processors: number;
  readonly model: string;
  readonly connections: number;
  readonly sessions: number;
  readonly users: number;
  /** Whether nothing else used the machine before. */
  readonly wasIdle: boolean;
}

const databaseCores = [1, 2, 4, 8, 16, 32];

/** What a database may be used for these checks, so that sign-ins and vacuum have room. */
const usableShare = 0.7;

/** @throws Error without a row */
export function formatGrowth(
  rows: readonly GrowthRow[],
  circumstances: GrowthCircumstances,
): string {
  const { date, node, processors, model, connections, sessions, users, wasIdle } = circumstances;
  const worst = (pick: (row: GrowthRow) => number) => Math.max(...rows.map(pick));
  // The dearest of the rows: the estimate must not promise more than was seen.
  const database = worst((row) => row.databaseSecondsPer1000) / 1000;
  const service = worst((row) => row.serviceSecondsPer1000) / 1000;
  if (!(database > 0 && service > 0)) throw new Error('nothing was measured');
  const busy = wasIdle ? '' : ' **Something else used the machine: measure again.**';
  return [
    `Measured on ${date}: Node ${node}, ${processors} processors (${model}), which the load, the service and PostgreSQL shared; ${connections} connections, ${count(sessions)} sessions of ${count(users)} users.${busy}`,
    table(
      [
        'processes',
        'checks per second (measured)',
        'CPU s of the service per 1,000 checks (measured)',
        'CPU s of PostgreSQL per 1,000 checks (measured)',
      ],
      rows.map((row) => [
        String(row.processes),
        count(row.perSecond),
        row.serviceSecondsPer1000.toFixed(3),
        row.databaseSecondsPer1000.toFixed(3),
      ]),
    ),
    `Computed from the highest CPU seconds of that table, with the database at ${usableShare * 100} % of its cores, each as fast as one of this machine; not measured:`,
    table(
      ['cores of the database', 'checks per second (computed)', 'cores for the service (computed)'],
      databaseCores.map((cores) => {
        const perSecond = (cores * usableShare) / database;
        return [String(cores), count(roundDown(perSecond)), String(Math.ceil(perSecond * service))];
      }),
    ),
  ].join('\n\n');
}

/** To two digits. */
function roundDown(value: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1);
  return Math.floor(value / unit) * unit;
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
