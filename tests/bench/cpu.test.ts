import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test, vi } from 'vitest';
import { cpuSecondsOf } from '../../bench/cpu.js';

/** Without children of its own, whose time /proc adds: computes for 200 ms, prints its CPU time, waits to be killed. */
const busyProgram = `
  const endsAt = performance.now() + 200;
  while (performance.now() < endsAt);
  console.log(JSON.stringify(process.cpuUsage()));
  setInterval(() => {}, 1_000);`;

test.runIf(process.platform === 'linux')(
  'the CPU time of a process is that of process.cpuUsage, in seconds',
  async () => {
    const busy = spawn(process.execPath, ['-e', busyProgram], { stdio: 'pipe' });
    const [line] = (await once(busy.stdout, 'data')) as [Buffer];
    const { user, system } = JSON.parse(line.toString()) as NodeJS.CpuUsage;
    const seconds = (user + system) / 1e6;
    const measured = await cpuSecondsOf(busy.pid ?? 0);
    busy.kill();
    expect(measured).toBeGreaterThan(seconds - 0.05);
    expect(measured).toBeLessThan(seconds + 0.1);
  },
);

test('the CPU time of a process that does not exist is undefined', async () => {
  expect(await cpuSecondsOf(2 ** 30)).toBeUndefined();
});

test('the machine counts as idle after two readings in which its processors hardly work', async () => {
  /** The busy share of the only processor in each reading. */
  const readings = [1, 0.05, 1, 0.05, 0.05].values();
  const processor = { user: 0, nice: 0, sys: 0, irq: 0, idle: 0 };
  vi.resetModules();
  vi.doMock('node:os', () => ({
    cpus() {
      return [{ times: { ...processor } }];
    },
  }));
  vi.doMock('node:timers/promises', () => ({
    setTimeout() {
      const share = readings.next().value ?? 0;
      processor.user += 100 * share;
      processor.idle += 100 * (1 - share);
      return Promise.resolve();
    },
  }));
  const { waitUntilIdle } = await import('../../bench/cpu.js');
  expect(await waitUntilIdle()).toBe(true);
  expect(processor.user).toBeCloseTo(215);
  vi.doUnmock('node:os');
  vi.doUnmock('node:timers/promises');
});
