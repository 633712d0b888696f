/** Counters that features define: they count events, and the diagnostics expose them where they are on. */

/** A counter with one label. The values are a closed set, because each becomes a time series. */
export interface CounterDefinition {
  /** As Prometheus names it, such as `auth_mails_total`. */
  readonly name: string;
  readonly help: string;
  readonly label: string;
  /** Exposed from zero: a series that begins at one shows no increase. */
  readonly values: readonly string[];
}

/** Counts one event. @param counter the name of a CounterDefinition; @param value one of its values */
export type Count = (counter: string, value: string) => void;

export interface Counters {
  /** Of all enabled features. */
  readonly definitions: readonly CounterDefinition[];
  readonly count: Count;
  /** Calls the listener for every event from now on. */
  readonly onCount: (listener: Count) => void;
}

export function createCounters(definitions: readonly CounterDefinition[]): Counters {
  const listeners: Count[] = [];
  return {
    definitions,
    count(counter, value) {
      for (const listener of listeners) listener(counter, value);
    },
    onCount: (listener) => void listeners.push(listener),
  };
}
