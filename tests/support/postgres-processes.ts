/** The processes of an embedded PostgreSQL, to suspend and kill them. Only of clusters that the test has started. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** @param dataDirectory as passed to `startEmbeddedPostgres` */
export function postmasterOf(dataDirectory: string): number {
  const file = join(dataDirectory, 'postgres/postmaster.pid');
  return Number(readFileSync(file, 'utf8').split('\n')[0]);
}

/** Sends SIGSTOP to the server process and its children. @returns them, for `resumePostgres` */
export function suspendPostgres(dataDirectory: string): readonly number[] {
  const postmaster = postmasterOf(dataDirectory);
  const children = execFileSync('ps', ['-e', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([pid = 0, parent]) => (parent === postmaster ? [pid] : []));
  const pids = [postmaster, ...children];
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  return pids;
}

export function resumePostgres(pids: readonly number[]): void {
  for (const pid of pids) process.kill(pid, 'SIGCONT');
}
