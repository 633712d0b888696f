/** What a fault is: how it begins and ends, and what users, operators and the tests expect of it. */
import type { LogLine } from '../support/test-service.js';
import type { Server, System, Variables } from './system.js';

export interface Fault {
  /** Row of the table in docs/operating.md. */
  readonly name: string;
  /** What users notice. */
  readonly users: string;
  /** What an operator should do. */
  readonly todo: string;
  /** Which requests must fail while it lasts; all others may only fail with 503. */
  readonly fails: 'reads and writes' | 'writes' | 'some' | 'nothing';
  /** The code of every 503 except that of `/ready`; by default DATABASE_UNAVAILABLE. */
  readonly unavailableCode?: string;
  /** The codes of which the log line of every 503 has one as its `cause`. */
  readonly causes: readonly string[];
  /** A refusal that is true while it lasts: its `x-session-reason`, and what its log line has to name. */
  readonly refuses?: { readonly reason: string; readonly names: string };
  /** A log line of its own that names the fault, where no request fails: its code or reason. */
  readonly reports?: { readonly name: string; readonly matches: (line: LogLine) => boolean };
  /** Whether this machine cannot make it; its row of the table stays. */
  readonly isSkipped?: boolean;
  /** Variables of the server and the program that starts it. */
  readonly setUp?: (system: System) => Promise<{
    readonly env?: Variables;
    readonly launcher?: readonly string[];
    readonly tearDown?: () => Promise<void>;
  }>;
  /** Starts it. @returns ends it, and resolves when what failed works again */
  readonly begin: (
    system: System,
    server: Server,
    direct: Direct,
  ) => Promise<() => Promise<void> | void>;
  /** Waits until what was delayed is done. The test's timeout limits the wait. */
  readonly catchUp?: (system: System, requestIds: readonly string[]) => Promise<void>;
}

/** Directs the requests to these instances in turn. */
export type Direct = (...urls: readonly string[]) => void;

/** In the order of the table. */
export type FaultList = readonly Fault[];
