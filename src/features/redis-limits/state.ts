/** The state of the server for readiness and the startup report: no secret, and no setting of the service but its host. */
import type { Finding } from '../../config/finding.js';
import { isServiceBusy } from '../../event-loop.js';
import { withTimeout } from '../../http/with-timeout.js';
import { findLimitsUnavailable, type LimitStoreState } from '../../limit-store.js';
import { limitsUnavailable } from './causes.js';
import type { RedisConnection } from './connection.js';
import type { RedisAddress } from './redis-url.js';

/** Probes wait for 1.5 s. */
const maxMs = 1_200;

/** @returns the state; never rejects */
export async function readRedisState(
  { host, port, database, isEncrypted }: RedisAddress,
  connection: RedisConnection,
  probe: () => Promise<unknown>,
): Promise<LimitStoreState> {
  const target = { store: 'redis', host: `${host}:${port}`, database, isEncrypted };
  const startedAt = performance.now();
  try {
    const info = await withTimeout(readInfo(), maxMs);
    const description = { ...target, status: 'ok', ...info };
    return { isAvailable: true, description, findings: findingsOf(info) };
  } catch (error) {
    if (isServiceBusy(error)) {
      return { isAvailable: false, description: { ...target, status: 'unknown' }, findings: [] };
    }
    const { code, variable, seen, fix } =
      findLimitsUnavailable(error) ?? limitsUnavailable('REDIS_TIMEOUT');
    const finding: Finding = { level: 'error', code, variable, message: seen, fix };
    const description = { ...target, status: 'unavailable', cause: code };
    return { isAvailable: false, description, findings: [finding] };
  }

  async function readInfo(): Promise<Info> {
    await probe();
    const latencyMs = Math.round(performance.now() - startedAt);
    // An account may count and not be allowed to read this.
    const text = await connection.run((redis) => redis.info().catch(() => ''), true);
    return { latencyMs, ...parseInfo(text) };
  }
}

interface Info {
  /** Of counting, with the connection if there was none. */
  readonly latencyMs: number;
  /** Such as `redis 7.0.15` or `valkey 8.1.0`. */
  readonly serverVersion?: string;
  /** `maxmemory-policy`. */
  readonly evictionPolicy?: string;
}

function parseInfo(text: string): Omit<Info, 'latencyMs'> {
  const field = (name: string) => new RegExp(`^${name}:([\\w.-]+)\\r?$`, 'm').exec(text)?.[1];
  const valkey = field('valkey_version');
  const redis = field('redis_version');
  const version = valkey === undefined ? redis && `redis ${redis}` : `valkey ${valkey}`;
  const evictionPolicy = field('maxmemory_policy');
  return {
    ...(version !== undefined && { serverVersion: version }),
    ...(evictionPolicy !== undefined && { evictionPolicy }),
  };
}

function findingsOf({ evictionPolicy = 'noeviction' }: Info): Finding[] {
  if (evictionPolicy === 'noeviction') return [];
  return [
    {
      level: 'warn',
      code: 'REDIS_EVICTS',
      variable: 'REDIS_URL',
      message: `points to a server that removes keys when its memory is full (maxmemory-policy ${evictionPolicy}): wrong passwords would be forgotten`,
      fix: 'set maxmemory-policy noeviction, and give limits a server of their own where another one is a cache',
    },
  ];
}
