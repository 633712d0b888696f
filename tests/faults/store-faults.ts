/** Faults of what the service reads and counts in besides its database: Redis, and a read replica. */
import { spawnSync } from 'node:child_process';
import { createFaultyNetwork, type FaultyNetwork } from '../support/faulty-network.js';
import { startRedis, type RedisServer } from '../support/redis-server.js';
import type { LogLine } from '../support/test-service.js';
import { until } from '../support/until.js';
import { Visitor } from '../support/visitor.js';
import type { Fault, FaultList } from './fault.js';

export const storeFaults: FaultList = [killedRedis(), hangingReplica()];

function killedRedis(): Fault {
  let redis: RedisServer | undefined;
  return {
    isSkipped: spawnSync('redis-server', ['--version']).status !== 0,
    name: 'Redis killed',
    users:
      'sign-in, sign-up and mailed links fail, because attempts cannot be counted; sessions work',
    todo: 'see the [causes](features/redis-limits.md#when-redis-fails)',
    fails: 'some',
    unavailableCode: 'LIMITS_UNAVAILABLE',
    causes: ['REDIS_UNREACHABLE', 'REDIS_CONNECTION_LOST'],
    async setUp() {
      const started = (redis = await startRedis());
      return { env: { REDIS_URL: started.url }, tearDown: () => started.stop() };
    },
    async begin() {
      await redis?.kill();
      return () => redis?.start();
    },
  };
}

function isReported({ code, variable }: LogLine): boolean {
  return code === 'REPLICA_UNAVAILABLE' && variable === 'DATABASE_REPLICA_URL';
}

function hangingReplica(): Fault {
  let relay: FaultyNetwork | undefined;
  return {
    name: 'Read replica accepts and never answers',
    users: 'nothing, or some session checks that take a second longer',
    todo: 'see [what it logs](features/read-replica.md#when-it-fails); checks ask the primary meanwhile',
    fails: 'nothing',
    causes: [],
    reports: {
      name: '`REPLICA_UNAVAILABLE`',
      matches: isReported,
    },
    async setUp({ cluster }) {
      const started = (relay = await createFaultyNetwork(cluster.url));
      return {
        env: { DATABASE_REPLICA_URL: started.url, REPLICA_MAX_LAG_MS: '10000' },
        tearDown: () => started.close(),
      };
    },
    async begin(_system, server) {
      const visitor = new Visitor({ url: server.url });
      await visitor.signUp();
      await visitor.ask('/session'); // begins a beat
      relay?.freeze();
      // A process that is too busy to read an answer does not blame the replica.
      await until(async () => {
        await visitor.ask('/session');
        return server.lines().some(isReported);
      });
      return () => relay?.heal();
    },
  };
}
