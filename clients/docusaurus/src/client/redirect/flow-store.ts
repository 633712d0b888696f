/**
 * The visit to a provider that this tab has started: its verifier and where to go afterwards. A new start replaces it, and
 * a refused code does not: otherwise a link with a forged code could end a sign-in that is under way.
 */
import { attempt, type TokenStorage } from '../bearer-store.js';

export interface Flow {
  readonly purpose: 'signIn' | 'link';
  /** The id of the provider. */
  readonly provider: string;
  /** Proves to the service that this page started the visit. */
  readonly verifier: string;
  /** Where to go afterwards, a path of this site. It is validated when it is used. */
  readonly path: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}

export interface FlowStore {
  readonly current: () => Flow | undefined;
  /** False if this browser does not keep it. */
  readonly save: (flow: Flow) => boolean;
  readonly clear: () => void;
}

/** The service allows ten minutes at the provider, and ten more to confirm an address by mail. */
const lifetimeMs = 3_600_000;

export function createFlowStore(
  key: string,
  storage: TokenStorage | undefined,
  now: () => number,
): FlowStore {
  function current(): Flow | undefined {
    const flow = attempt(() => JSON.parse(storage?.getItem(key) ?? '') as unknown);
    return isFlow(flow) && now() - flow.startedAt < lifetimeMs ? flow : undefined;
  }

  return {
    current,
    save(flow) {
      attempt(() => storage?.setItem(key, JSON.stringify(flow)));
      // Some browsers accept the call and store nothing.
      return current()?.verifier === flow.verifier;
    },
    clear: () => attempt(() => storage?.removeItem(key)),
  };
}

function isFlow(value: unknown): value is Flow {
  const { purpose, provider, verifier, path, startedAt } = (value ?? {}) as Partial<Flow>;
  return (
    (purpose === 'signIn' || purpose === 'link') &&
    [provider, verifier, path].every((text) => typeof text === 'string') &&
    typeof startedAt === 'number'
  );
}
