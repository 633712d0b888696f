/**
 * Announces work that takes long and is neither a request nor a statement: hashes, mails, calls of providers. A tracer
 * subscribes; without one, it costs a comparison. A channel, as Node's libraries use for this, because a tracer passed as
 * an argument would go through every function between the start of the service and the hash.
 */
import { channel } from 'node:diagnostics_channel';

/** A subscriber sets `end` if it wants to know when the work has ended. */
export interface TracedWork {
  /** One of few, such as `hash password`: never a value from a request. */
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  end?: (error?: unknown) => void;
}

/** The channel's name, for `subscribe` of node:diagnostics_channel; messages are TracedWork. */
export const workChannelName = 'auth-service:work';

const workChannel = channel(workChannelName);

/** Runs `work`; the result and the error are its own. */
export async function traceWork<T>(
  name: string,
  attributes: TracedWork['attributes'],
  work: () => Promise<T>,
): Promise<T> {
  if (!workChannel.hasSubscribers) return work();
  const traced: TracedWork = { name, attributes };
  workChannel.publish(traced);
  try {
    const result = await work();
    traced.end?.();
    return result;
  } catch (error) {
    traced.end?.(error);
    throw error;
  }
}
