/**
 * Explains why Redis did not count, from the driver's error and without keeping it: ioredis attaches the arguments of the
 * command, which for AUTH is the password.
 */
import { TimeoutError } from '../../http/with-timeout.js';
import { LimitsUnavailableError } from '../../limit-store.js';
import { UnexpectedReplyError } from './replies.js';

interface Cause {
  /** Predicate of a sentence whose subject is `REDIS_URL`. */
  readonly seen: string;
  readonly fix: string;
}

/** Code → cause: what is logged, and the values of the counter. */
export const redisCauses = {
  REDIS_UNREACHABLE: {
    seen: 'points to a server that cannot be reached',
    fix: 'check host, port and network; the service retries with every request',
  },
  REDIS_CONNECTION_LOST: {
    seen: 'points to a server that closed the connection',
    fix: 'look into its log: it restarts, has too many clients (maxclients), or a proxy ends connections',
  },
  REDIS_TIMEOUT: {
    seen: 'points to a server that did not respond in time',
    fix: 'look for slow commands (SLOWLOG GET) and swapping; if PING hangs too, restart it or the proxy in front of it',
  },
  REDIS_CERTIFICATE: {
    seen: 'points to a server whose certificate is not accepted',
    fix: 'use the host name of the certificate; set the file of an own authority as NODE_EXTRA_CA_CERTS',
  },
  REDIS_PROTOCOL: {
    seen: 'points to a port where nothing speaks the protocol of Redis',
    fix: 'check the port; use rediss:// where the server expects TLS, and redis:// where it does not',
  },
  REDIS_PASSWORD_MISSING: {
    seen: 'has no password, which the server requires',
    fix: 'add it: redis://:password@host',
  },
  REDIS_PASSWORD_WRONG: {
    seen: 'has a name or password that the server refuses',
    fix: "copy both again; without a name the password of the account 'default' is meant",
  },
  REDIS_PERMISSION_MISSING: {
    seen: 'names an account that may not do what counting needs',
    fix: 'allow it: ACL SETUSER name on >password ~{auth:limit}:* +@read +@write +@scripting +@connection +time +info',
  },
  REDIS_DATABASE_MISSING: {
    seen: 'names a database that the server does not have',
    fix: 'use /0, or raise databases in redis.conf',
  },
  REDIS_READ_ONLY: {
    seen: 'points to a replica, which cannot be written',
    fix: 'name the primary, or the address that follows it after a failover',
  },
  REDIS_MEMORY_FULL: {
    seen: 'points to a server whose memory is full',
    fix: 'raise maxmemory, or find what fills it: the keys of limits expire by themselves',
  },
  REDIS_STARTING: {
    seen: 'points to a server that still loads its data',
    fix: 'wait; it takes longer the more data it has',
  },
  REDIS_NOT_WRITING: {
    seen: 'points to a server that refuses writes, because it cannot save to disk or has too few replicas',
    fix: 'see its log (MISCONF, NOREPLICAS)',
  },
  REDIS_CLUSTER: {
    seen: 'points to a node of a cluster that does not hold these keys',
    fix: 'use a server that is no cluster: all counters of an attempt must be on one server',
  },
  REDIS_BUSY: {
    seen: "points to a server that is busy with somebody's script",
    fix: 'end it with SCRIPT KILL, and give the limits a server of their own',
  },
  REDIS_TOO_OLD: {
    seen: 'points to a server that is too old or lacks commands',
    fix: 'use Redis 6.2 or newer, or Valkey; do not rename EVAL, EVALSHA and TIME',
  },
  REDIS_TOO_MANY_KEYS: {
    seen: 'points to a server with so many keys that those of one account were not found in 4 s',
    fix: 'give the limits a database number of their own (/1) where others share this one, or wait: keys of limits expire by themselves',
  },
  REDIS_REPLY_UNEXPECTED: {
    seen: 'points to a server whose reply is none of the expected ones',
    fix: 'check what answers there: a proxy may not support scripts; other software must not write keys that begin with {auth:limit}:',
  },
  REDIS_REFUSED: {
    seen: 'points to a server that refuses the command',
    fix: 'see its log',
  },
} as const satisfies Record<string, Cause>;

export type RedisCause = keyof typeof redisCauses;

/** The first that matches the server's reply is used. */
const replies: readonly (readonly [RegExp, RedisCause])[] = [
  [/^NOAUTH\b/, 'REDIS_PASSWORD_MISSING'],
  [/^WRONGPASS\b|^ERR (?:invalid password|AUTH\b)/, 'REDIS_PASSWORD_WRONG'],
  [/^NOPERM\b/, 'REDIS_PERMISSION_MISSING'],
  [/^ERR (?:DB index|invalid DB index|SELECT is not allowed)/i, 'REDIS_DATABASE_MISSING'],
  [/^READONLY\b|^MASTERDOWN\b/, 'REDIS_READ_ONLY'],
  [/^OOM\b/, 'REDIS_MEMORY_FULL'],
  [/^LOADING\b/, 'REDIS_STARTING'],
  [/^(?:MISCONF|NOREPLICAS)\b/, 'REDIS_NOT_WRITING'],
  [/^(?:MOVED|ASK|CLUSTERDOWN|CROSSSLOT|TRYAGAIN)\b/, 'REDIS_CLUSTER'],
  [/^BUSY\b/, 'REDIS_BUSY'],
  [/^ERR (?:max number of clients)/, 'REDIS_CONNECTION_LOST'],
  [/unknown command|non deterministic|wrong number of arguments/i, 'REDIS_TOO_OLD'],
  [/^WRONGTYPE\b/, 'REDIS_REPLY_UNEXPECTED'],
];

/** Whether the server replied, so that the connection itself works. */
export function isReply(error: unknown): boolean {
  return error instanceof Error && error.name === 'ReplyError';
}

/** @param error of the driver, or of the wait for it */
export function causeOf(error: unknown): RedisCause {
  if (error instanceof TimeoutError) return 'REDIS_TIMEOUT';
  if (error instanceof UnexpectedReplyError) return 'REDIS_REPLY_UNEXPECTED';
  if (!(error instanceof Error)) return 'REDIS_REPLY_UNEXPECTED';
  const { name, message } = error;
  const { code = '' } = error as NodeJS.ErrnoException;
  if (name === 'ReplyError') {
    // An error inside a script is quoted after its own text, or before it by older servers.
    const text = message.replace(/^ERR Error running script[^@]*@[^:]*: \d*:? ?/, '');
    return replies.find(([pattern]) => pattern.test(text))?.[1] ?? 'REDIS_REFUSED';
  }
  if (name === 'ParserError' || code === 'EPROTO' || /^ERR_SSL/.test(code)) return 'REDIS_PROTOCOL';
  if (/CERT|^UNABLE_TO_|^ERR_TLS|SELF_SIGNED/.test(code)) return 'REDIS_CERTIFICATE';
  if (/before secure TLS connection/.test(message)) return 'REDIS_PROTOCOL';
  if (code === 'ETIMEDOUT') return 'REDIS_TIMEOUT';
  if (/^E(?:CONNREFUSED|AI_|HOST|NET|NOTFOUND)/.test(code)) return 'REDIS_UNREACHABLE';
  return 'REDIS_CONNECTION_LOST';
}

export function limitsUnavailable(cause: RedisCause): LimitsUnavailableError {
  const { seen, fix } = redisCauses[cause];
  return new LimitsUnavailableError(cause, 'REDIS_URL', seen, fix);
}
