/** A script with its keys and the reader of its reply, as the store runs it: types only. */
import type { Script } from './scripts.js';

interface Command<T> {
  readonly script: Script;
  /** Without the prefix. */
  readonly keys: readonly string[];
  readonly args?: readonly (string | number)[];
  /** @throws UnexpectedReplyError */
  readonly read: (reply: unknown) => T;
  /** Whether it may run twice without counting twice, if the first reply is lost. */
  readonly isRepeatable?: boolean;
}

/** @throws LimitsUnavailableError, ServiceBusyError */
export type RunCommand = <T>(command: Command<T>) => Promise<T>;
