/** Counts attempts in Redis or Valkey. Keys expire with their windows, so no sweep is needed. */
import type { RateLimit } from '../../config/rate-limits.js';
import type { LimitStore } from '../../limit-store.js';
import type { LimitStoreServices } from '../slots.js';
import type { RedisCause } from './causes.js';
import { createConnection, runScript } from './connection.js';
import { counterName } from './counters.js';
import type { RedisLimitSettings } from './feature.js';
import { ignoreReply, readNumbers } from './replies.js';
import { createCounterScan } from './scan.js';
import type { RunCommand } from './run-command.js';
import { attemptKey, countScript, refundScript, usedUpScript } from './scripts.js';
import { createRedisSignInAttempts } from './sign-in-attempts.js';
import { readRedisState } from './state.js';

/** Before all keys. What is in braces keeps them on one server, should a proxy distribute them. */
const keyPrefix = '{auth:limit}:';

const probeLimit: RateLimit = { max: 1, windowSeconds: 10 };

export function createRedisLimits(
  { address }: RedisLimitSettings,
  { count: countEvent }: LimitStoreServices,
): LimitStore {
  const countFailure = (cause: RedisCause) => countEvent(counterName, cause);
  const connection = createConnection(address, countFailure);
  const scan = createCounterScan(address, keyPrefix, countFailure);
  const run: RunCommand = ({ script, keys, args = [], read, isRepeatable }) =>
    connection.run(async (redis) => {
      const prefixed = keys.map((key) => keyPrefix + key);
      return read(await runScript(redis, script, prefixed, args));
    }, isRepeatable);

  const store: Pick<LimitStore, 'count'> = {
    async count(key, limit) {
      const [count = 0, leftMs = 0] = await run({
        script: countScript,
        keys: [key, attemptKey()],
        args: argsOf(limit),
        read: (reply) => readNumbers(reply, 2),
        isRepeatable: true,
      });
      const seconds = Math.max(Math.ceil(leftMs / 1000), 1);
      const retryAfterSeconds = Math.min(seconds, limit.windowSeconds);
      return { isAllowed: count <= limit.max, count, retryAfterSeconds };
    },
  };

  return {
    ...store,

    refund: (key) => run({ script: refundScript, keys: [key], read: ignoreReply }),

    async isUsedUp(key, limit) {
      const [isUsedUp] = await run({
        script: usedUpScript,
        keys: [key],
        args: argsOf(limit),
        read: (reply) => readNumbers([reply], 1),
        isRepeatable: true,
      });
      return isUsedUp === 1;
    },

    signInAttempts: (limits) => createRedisSignInAttempts(run, keyPrefix, limits),

    find: (_db, prefixes) => scan.read(prefixes),

    lift: (_db, prefixes) => scan.delete(prefixes),

    // By counting: a server may answer PING and refuse to be written.
    readState: () => readRedisState(address, connection, () => store.count('probe', probeLimit)),

    close: () => connection.close(),
  };
}

function argsOf({ max, windowSeconds }: RateLimit): number[] {
  return [max, windowSeconds * 1000];
}
