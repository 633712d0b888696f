/** Jumps of the clock of the server process, as by a wrong time server or a resumed virtual machine. */
import type { Fault } from './fault.js';

/** Replaces the process's clock before it loads anything else; timers, like those of the kernel, do not notice. */
const shiftableClock = `
  let aheadMs = 0;
  const RealDate = Date;
  globalThis.Date = class Date extends RealDate {
    constructor(...args) {
      if (args.length === 0) super(RealDate.now() + aheadMs);
      else super(...args);
    }
    static now() {
      return RealDate.now() + aheadMs;
    }
  };
  process.on('message', (milliseconds) => {
    aheadMs = milliseconds;
    process.send('shifted');
  });
  process.channel.unref();`;

const day = 86_400_000;

export const clockFaults: readonly Fault[] = [
  clockJump('Clock 8 days ahead', 8 * day),
  clockJump('Clock 8 days behind', -8 * day),
];

function clockJump(name: string, milliseconds: number): Fault {
  return {
    name,
    users: 'nothing',
    todo: 'synchronise the clock with NTP',
    fails: 'nothing',
    causes: [],
    reports: {
      name: '`CLOCK_DIFFERS`',
      matches: ({ code, aheadMs, fix }) =>
        code === 'CLOCK_DIFFERS' && typeof aheadMs === 'number' && typeof fix === 'string',
    },
    setUp: () =>
      Promise.resolve({
        env: {
          NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(shiftableClock)}`,
        },
      }),
    async begin(_system, { process }) {
      await process.ask(milliseconds);
      return () => process.ask(0);
    },
  };
}
