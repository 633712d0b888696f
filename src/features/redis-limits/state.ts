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
  connection: RedisConnection,
  { host, port, database, isEncrypted }: RedisAddress,
): Promise<LimitStoreState> {
  const target = { store: 'redis', host: `${host}:${port}`, database, isEncrypted };
  const startedAt = performance.now();
  try {
    const info = await withTimeout(
      connection.run(async (redis) => {
        await redis.ping();
        const latencyMs = Math.round(performance.now() - startedAt);
        // An account may count and not be allowed to read this.
        const text = await redis.info().catch(() => '');
        return { latencyMs, ...parseInfo(text) };
      }, true),
      maxMs,
    );
    const findings = findingsOf(info);
    const isAvailable = findings.every(({ level }) => level !== 'error');
    const description = { ...target, status: isAvailable ? 'ok' : 'unavailable', ...info };
    return { isAvailable, description, findings };
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
}

interface Info {
  /** Such as `redis 7.0.15` or `valkey 8.1.0`. */
  readonly serverVersion?: string;
  /** `maxmemory-policy`. */
  readonly evictionPolicy?: string;
  readonly role?: string;
}

function parseInfo(text: string): Info {
  const field = (name: string) => new RegExp(`^${name}:([\\w.-]+)\\r?$`, 'm').exec(text)?.[1];
  const valkey = field('valkey_version');
  const redis = field('redis_version');
  const version = valkey === undefined ? redis && `redis ${redis}` : `valkey ${valkey}`;
  const evictionPolicy = field('maxmemory_policy');
  const role = field('role');
  return {
    ...(version !== undefined && { serverVersion: version }),
    ...(evictionPolicy !== undefined && { evictionPolicy }),
    ...(role !== undefined && { role: role === 'slave' ? 'replica' : role }),
  };
}

function findingsOf({ evictionPolicy = 'noeviction', role }: Info): Finding[] {
  const findings: Finding[] = [];
  if (role === 'replica') {
    const { code, variable, seen, fix } = limitsUnavailable('REDIS_READ_ONLY');
    findings.push({ level: 'error', code, variable, message: seen, fix });
  }
  if (evictionPolicy !== 'noeviction') {
    findings.push({
      level: 'warn',
      code: 'REDIS_EVICTS',
      variable: 'REDIS_URL',
      message: `points to a server that removes keys when its memory is full (maxmemory-policy ${evictionPolicy}): wrong passwords would be forgotten`,
      fix: 'set maxmemory-policy noeviction, and give limits a server of their own where another one is a cache',
    });
  }
  return findings;
}
