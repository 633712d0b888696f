import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { launchAs, postgresAccount } from '../../src/dev/postgres-account.js';

const run = promisify(execFile);

test.runIf(process.getuid?.() === 0)(
  'a program in a folder that only root may enter can access its folder, and has no other capability of root',
  async () => {
    const closed = await mkdtemp(join(tmpdir(), 'closed-')); // 0700
    const program = join(closed, 'program');
    await copyFile('/bin/cat', program);
    const look = `require('node:fs').accessSync(${JSON.stringify(program)}, 5)`; // access(2), as initdb uses it
    const asks = await launchAs(await postgresAccount(), process.execPath, ['-e', look], [program]);
    await run(asks.command, asks.args, asks.options);
    const status = await launchAs(
      await postgresAccount(),
      program,
      ['/proc/self/status'],
      [program],
    );
    const { stdout } = await run(status.command, status.args, status.options);
    expect(stdout).toMatch(/^CapPrm:\t0{15}2$/m); // only CAP_DAC_OVERRIDE
    expect(stdout).not.toMatch(/^Uid:\t0/m);
    await rm(closed, { recursive: true });
  },
);
