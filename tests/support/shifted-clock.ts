/** Moves the clock of this process, and so of everything that reads it: BetterAuth and the drivers as well. Servers keep theirs. */
import { afterAll, vi } from 'vitest';

/** Until the tests of the file have ended. @returns sets by how many milliseconds the clock is ahead; 0 at first */
export function useShiftedClock(): (aheadMs: number) => void {
  let aheadMs = 0;
  const RealDate = Date;
  const shifted = () => RealDate.now() + aheadMs;
  const ShiftedDate = new Proxy(RealDate, {
    construct: (real, args: unknown[], self: typeof Date) =>
      Reflect.construct(real, args.length === 0 ? [shifted()] : args, self) as Date,
    get: (real, name, self) =>
      name === 'now' ? shifted : (Reflect.get(real, name, self) as unknown),
  });
  vi.stubGlobal('Date', ShiftedDate);
  afterAll(() => void vi.unstubAllGlobals());
  return (milliseconds) => {
    aheadMs = milliseconds;
  };
}
