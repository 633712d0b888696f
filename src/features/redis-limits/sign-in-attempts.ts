/** Counts attempts to sign in in Redis, as db/sign-in-attempts.ts does in the database. */
import { knownNetworkDays, longestWindowSeconds } from '../../config/rate-limits.js';
import type { LimitName } from '../../limit-reasons.js';
import {
  allowedAttempt,
  refusedAttempt,
  type CountedSignIn,
  type SignInAttempt,
  type SignInAttempts,
  type SignInLimits,
} from '../../sign-in-attempt.js';
import { ignoreReply, readList, readNumbers, readText, UnexpectedReplyError } from './replies.js';
import type { RunCommand } from './run-command.js';
import { attemptKey, countSignInScript, settleSignInScript, unlockScript } from './scripts.js';

/** Wrong passwords are remembered for this long after the last one. */
const memoryMs = longestWindowSeconds * 1000;
const markMs = knownNetworkDays * 86_400_000;

/** The limits' names, as the script writes them. */
const limitNames: readonly LimitName[] = ['account_network', 'account', 'address'];

/** @param keyPrefix of the keys in replies */
export function createRedisSignInAttempts(
  run: RunCommand,
  keyPrefix: string,
  limits: SignInLimits,
): SignInAttempts {
  const { pause, account } = limits;

  function settle(
    how: 'refund' | 'withdraw' | 'succeed',
    { pause: key, total, address, mark, previousAt }: CountedSignIn,
  ): Promise<void> {
    const isMarked = how === 'succeed' && mark !== undefined;
    return run({
      script: settleSignInScript,
      keys: [key, total, ...(address === undefined ? [] : [address]), ...(isMarked ? [mark] : [])],
      args: [how, previousAt ?? '', flag(address !== undefined), flag(isMarked), markMs],
      read: ignoreReply,
    });
  }

  return {
    count(address, keys) {
      const limitsAddress = address !== undefined && !keys.isKnownDevice;
      const addressLimit = address?.limit ?? account;
      return run({
        script: countSignInScript,
        keys: [
          keys.pause,
          keys.total,
          keys.knownTotal,
          address?.key ?? '',
          attemptKey(),
          ...keys.marks,
        ],
        args: [
          flag(keys.isKnownDevice),
          flag(limitsAddress),
          pause.free,
          pause.firstSeconds * 1000,
          pause.longestSeconds * 1000,
          memoryMs,
          account.max,
          account.windowSeconds * 1000,
          addressLimit.max,
          addressLimit.windowSeconds * 1000,
        ],
        read: attemptOf,
        isRepeatable: true,
      });

      /** @throws UnexpectedReplyError */
      function attemptOf(reply: unknown): SignInAttempt {
        if (Array.isArray(reply) && reply[0] === 'refused') {
          const [, name, leftMs] = readList(reply, 3);
          const limit = limitNames.find((one) => one === name);
          if (limit === undefined || typeof leftMs !== 'number') throw new UnexpectedReplyError();
          return refusedAttempt(limit, leftMs, limits, address);
        }
        const [step, ofPause, previousAt, total, ofAccount, ofAddress] = readList(reply, 6);
        if (step !== 'counted') throw new UnexpectedReplyError();
        const counted = readNumbers([ofPause, ofAccount, ofAddress], 3);
        const [pauseCount = 0, accountCount = 0, addressCount = 0] = counted;
        return allowedAttempt(
          {
            pause: keys.pause,
            total: readText(total).slice(keyPrefix.length),
            address: limitsAddress ? address.key : undefined,
            mark: keys.marks[0],
            previousAt: readText(previousAt) || undefined,
          },
          {
            pause: pauseCount,
            account: accountCount,
            address: limitsAddress ? addressCount : undefined,
          },
          limits,
          address,
        );
      }
    },

    refund: (counted) => settle('refund', counted),
    withdraw: (counted) => settle('withdraw', counted),
    succeed: (counted) => settle('succeed', counted),

    unlock: ({ pause: key, knownTotal, marks: [mark] }) =>
      run({
        script: unlockScript,
        keys: [key, knownTotal, ...(mark === undefined ? [] : [mark])],
        args: [markMs],
        read: ignoreReply,
      }),
  };
}

function flag(isSet: boolean): '0' | '1' {
  return isSet ? '1' : '0';
}
