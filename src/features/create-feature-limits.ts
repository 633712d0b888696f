/** Takes the store of limits from the feature that fills the slot; otherwise they are counted in the database. */
import type { Environment } from '../config/environment.js';
import type { Orm } from '../db/client.js';
import { cacheFor, stateTtlMs } from '../db/cache-for.js';
import { createDatabaseLimits } from '../db/limit-store.js';
import type { LimitStore } from '../limit-store.js';
import { settingsFrom } from './redis-limits/feature.js';
import { createRedisLimits } from './redis-limits/limit-store.js';
import type { ActiveFeature, LimitStoreServices } from './slots.js';

/** @throws Error if two features fill the slot */
export function createFeatureLimits(
  features: readonly Pick<ActiveFeature, 'createLimitStore'>[],
  services: LimitStoreServices & { readonly orm: Orm },
): LimitStore {
  const [create, ...others] = features.flatMap(({ createLimitStore }) => createLimitStore ?? []);
  if (others.length > 0) throw new Error('two features count limits');
  const store = create?.(services) ?? createDatabaseLimits(services.orm);
  const { readState } = store;
  return readState === undefined ? store : { ...store, readState: cacheFor(readState, stateTtlMs) };
}

/**
 * For a command, which must run with an environment that the service would refuse. Where the service's store cannot be
 * reached, the store rejects: the database's counters would be the wrong ones.
 */
export function createCommandLimits({ REDIS_URL: url }: Environment, orm: Orm): CommandLimits {
  const settings = settingsFrom(url);
  const store =
    settings === undefined
      ? createDatabaseLimits(orm)
      : createRedisLimits(settings, { count: () => undefined });
  return { ...store, close: store.close ?? (() => Promise.resolve()) };
}

type CommandLimits = LimitStore & Required<Pick<LimitStore, 'close'>>;
