/**
 * Sessions begin and end by the database's clock, which all instances share. This process's clock may be wrong or jump, as
 * after a virtual machine was suspended: without a correction it would end sessions that are valid everywhere else.
 */
export interface ComparedClock {
  /**
   * How far this process's clock is ahead of the database's, in milliseconds; negative if behind. 0 if they agree, or
   * have not been compared yet. A promise only after this process's clock has jumped: they are compared again then.
   */
  readonly aheadMs: () => number | Promise<number>;
  /** The same, but compares them if that has not happened yet. @throws the driver's error */
  readonly compare: () => Promise<number>;
}
