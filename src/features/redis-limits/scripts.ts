/**
 * The Lua scripts that count: each is one round trip, and runs alone, so that concurrent attempts cannot both be the last
 * allowed one. Time is the server's, so that instances with different clocks agree. They count as the statements in
 * db/rate-limit-store.ts and db/sign-in-attempts.ts do; tests/db/limit-stores.ts tests both.
 *
 * A counter is a hash with `count` and `at`, when its window began, and expires with its window.
 *
 * A script whose reply was lost may have run, and is sent again (connection.ts). So that it counts once, it keeps its reply
 * under a key of the attempt for as long as that may happen.
 */
import { createHash, randomUUID } from 'node:crypto';

export interface Script {
  readonly text: string;
  /** By which the server finds it. */
  readonly hash: string;
}

/** Longer than a request waits for both of its tries. */
const attemptMs = 10_000;

const shared = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local function read(key)
  local found = redis.call('HMGET', key, 'count', 'at')
  return tonumber(found[1]), tonumber(found[2])
end

local function write(key, count, at, expiresAt)
  redis.call('HSET', key, 'count', count, 'at', string.format('%.0f', at))
  redis.call('PEXPIRE', key, string.format('%.0f', math.max(expiresAt - now, 1)))
end

-- A window that starts in the future, written while the clock was ahead, is over.
local function isOpen(at, length)
  return at and at <= now and at > now - length
end

local function count(key, max, length)
  local counted, at = read(key)
  if isOpen(at, length) then
    counted = math.min(counted, max) + 1
  else
    counted, at = 1, now
  end
  write(key, counted, at, at + length)
  return counted, at + length - now
end

-- Replies as at the first time, if this attempt was counted before; run returns the reply, and whether it counted.
local function once(attempt, run)
  local known = redis.call('GET', attempt)
  if known then return cjson.decode(known) end
  local reply, isCounted = run()
  if isCounted then redis.call('SET', attempt, cjson.encode(reply), 'PX', ${attemptMs}) end
  return reply
end

local function takeBack(key)
  local counted = read(key)
  if counted and counted > 0 then redis.call('HINCRBY', key, 'count', -1) end
end
`;

function script(text: string): Script {
  const whole = shared + text;
  return { text: whole, hash: createHash('sha1').update(whole).digest('hex') };
}

/** The key of one attempt, which is the same when it is sent again. */
export function attemptKey(): string {
  return `attempt|${randomUUID()}`;
}

/** KEYS: the counter, the attempt. ARGV: maximum, window in ms. @returns count, ms until the window ends */
export const countScript = script(`
return once(KEYS[2], function()
  local max = tonumber(ARGV[1])
  local counted, left = count(KEYS[1], max, tonumber(ARGV[2]))
  -- Beyond the maximum the count stays: a flood leaves no keys.
  return { counted, left }, counted <= max
end)
`);

/** KEYS: the counter. */
export const refundScript = script(`
takeBack(KEYS[1])
return 1
`);

/** KEYS: the counter. ARGV: maximum, window in ms. @returns 1 if no attempt is left */
export const usedUpScript = script(`
local counted, at = read(KEYS[1])
if isOpen(at, tonumber(ARGV[2])) and counted >= tonumber(ARGV[1]) then return 1 end
return 0
`);

/**
 * KEYS: pause, total, total of known networks and devices, address, the attempt, then marks of known networks. ARGV:
 * whether the device is known, whether the address counts; attempts before the first pause, the first and the longest pause
 * in ms, how long wrong passwords are remembered in ms; maximum and window of the account, of the address.
 * @returns `refused`, the limit, ms left; or `counted`, count of the pause, its time before or an empty text, the key and
 *   count of the total, the count of the address or 0
 */
export const countSignInScript = script(`
local isKnown, limitsAddress = ARGV[1] == '1', ARGV[2] == '1'
local free, first, longest, memory = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local accountMax, accountLength = tonumber(ARGV[7]), tonumber(ARGV[8])
local addressMax, addressLength = tonumber(ARGV[9]), tonumber(ARGV[10])

for index = 6, #KEYS do
  if not isKnown then isKnown = redis.call('EXISTS', KEYS[index]) == 1 end
end
local total = isKnown and KEYS[3] or KEYS[2]

return once(KEYS[5], function()
  local refused, longestLeft
  local function refuse(limit, left)
    if not longestLeft or left > longestLeft then refused, longestLeft = limit, left end
  end

  local wrong, wrongAt = read(KEYS[1])
  if wrong and wrong >= free then
    local pause = math.min(longest, first * 2 ^ math.min(wrong - free, 30))
    if isOpen(wrongAt, pause) then refuse('account_network', wrongAt + pause - now) end
  end
  local counted, at = read(total)
  if isOpen(at, accountLength) and counted >= accountMax then refuse('account', at + accountLength - now) end
  if limitsAddress then
    counted, at = read(KEYS[4])
    if isOpen(at, addressLength) and counted >= addressMax then refuse('address', at + addressLength - now) end
  end
  if refused then return { 'refused', refused, longestLeft } end

  local paused = 1
  if wrong and wrongAt >= now - memory and wrongAt <= now then paused = math.min(wrong, 1000) + 1 end
  write(KEYS[1], paused, now, now + memory)
  local ofAccount = count(total, accountMax, accountLength)
  local ofAddress = limitsAddress and count(KEYS[4], addressMax, addressLength) or 0
  return { 'counted', paused, wrongAt and string.format('%.0f', wrongAt) or '', total, ofAccount, ofAddress }, true
end)
`);

/**
 * KEYS: pause, total, and then address and mark where there are. ARGV: `refund`, `withdraw` or `succeed`; the time of the
 * pause before, or an empty text; whether there is an address, and a mark; how long a mark is kept in ms.
 */
export const settleSignInScript = script(`
local wrong, wrongAt = read(KEYS[1])
if ARGV[1] == 'succeed' then
  redis.call('DEL', KEYS[1])
elseif wrong and wrong > 0 then
  redis.call('HINCRBY', KEYS[1], 'count', -1)
  if ARGV[1] == 'withdraw' and ARGV[2] ~= '' then redis.call('HSET', KEYS[1], 'at', ARGV[2]) end
end
takeBack(KEYS[2])
if ARGV[3] == '1' then takeBack(KEYS[3]) end
if ARGV[4] == '1' then write(KEYS[#KEYS], 0, now, now + tonumber(ARGV[5])) end
return 1
`);

/**
 * One step of a search. ARGV: the cursor, the pattern of all keys, how many keys to look at, what the keys begin with. The
 * server selects them: sent to this process, a million keys would hold up its requests.
 * @returns the next cursor, the keys
 */
export const findKeysScript = script(`
local step = redis.call('SCAN', ARGV[1], 'MATCH', ARGV[2], 'COUNT', ARGV[3])
local found = {}
for _, key in ipairs(step[2]) do
  for index = 4, #ARGV do
    if string.sub(key, 1, #ARGV[index]) == ARGV[index] then
      found[#found + 1] = key
      break
    end
  end
end
return { step[1], found }
`);

/** KEYS: pause, total of known networks and devices, and the mark where there is one. ARGV: how long a mark is kept in ms. */
export const unlockScript = script(`
redis.call('DEL', KEYS[1], KEYS[2])
if KEYS[3] then write(KEYS[3], 0, now, now + tonumber(ARGV[1])) end
return 1
`);
