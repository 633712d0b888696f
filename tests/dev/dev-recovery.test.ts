import { describe, expect, test } from 'vitest';
import {
  createDevHome,
  devTimeoutMs,
  isAlive,
  useDevHome,
  type DevHome,
} from '../support/dev-process.js';
import { until } from '../support/until.js';
import type { Visitor } from '../support/visitor.js';

const timeout = devTimeoutMs;

let home: DevHome;
let visitor: Visitor;
useDevHome((started) => {
  home = started;
  visitor = home.visitor();
});

describe('npm run dev', { timeout }, () => {
  test('after SIGKILL, the next start takes over the running database and stops it at the end', async () => {
    const killed = await home.start();
    expect((await visitor.signUp()).status).toBe(200);
    const pid = (await home.postgresPid()) ?? 0;
    killed.signal('SIGKILL');
    await killed.exit;
    expect(isAlive(pid)).toBe(true);
    const next = await home.start();
    expect(await home.postgresPid()).toBe(pid);
    expect((await visitor.ask('/session')).headers.get('x-session-reason')).toBe('valid');
    next.signal('SIGINT');
    expect(await next.exit).toBe(0);
    expect(await home.postgresPid()).toBeUndefined();
  });

  test('after SIGKILL of both process and database, the next start recovers', async () => {
    const killed = await home.start();
    const pid = (await home.postgresPid()) ?? 0;
    killed.signal('SIGKILL');
    process.kill(pid, 'SIGKILL');
    await killed.exit;
    await until(() => !isAlive(pid));
    const next = await home.start();
    expect(await home.postgresPid()).not.toBe(pid);
    expect((await visitor.ask('/session')).headers.get('x-session-reason')).toBe('valid');
    next.signal('SIGTERM');
    expect(await next.exit).toBe(0);
  });
});

test.runIf(process.getuid?.() === 0)(
  'npm run dev, as root, works in a folder that only root may enter',
  { timeout },
  async () => {
    const closed = await createDevHome(0o700);
    const dev = await closed.start();
    expect((await closed.visitor().signUp()).status).toBe(200);
    const pid = (await closed.postgresPid()) ?? 0;
    dev.signal('SIGINT');
    expect(await dev.exit).toBe(0);
    expect(isAlive(pid)).toBe(false);
    await closed.remove();
  },
);
