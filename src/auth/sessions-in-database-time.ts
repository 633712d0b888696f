/**
 * BetterAuth compares the times of sessions with this process's clock, and deletes a session that is over by it. Here they
 * are converted between that clock and the database's, so that a clock which is wrong ends no session (compared-clock.ts).
 */
import type { BetterAuthOptions } from 'better-auth';
import type { drizzleAdapter } from 'better-auth/adapters/drizzle';
import type { ComparedClock } from '../session/compared-clock.js';

type CreateAdapter = ReturnType<typeof drizzleAdapter>;
type Row = Record<string, unknown>;

interface Query {
  readonly model: string;
  readonly data?: Row;
  readonly update?: Row;
  readonly where?: readonly { readonly field: string; readonly value: unknown }[];
}

type Method = (query: Query) => Promise<unknown>;

const times = ['createdAt', 'updatedAt', 'expiresAt'];
const methods = ['create', 'update', 'updateMany', 'findOne', 'findMany', 'deleteMany', 'count'];

/** Changes the adapter in place, as in adapter-error-hook.ts. */
export function convertSessionTimes(create: CreateAdapter, clock: ComparedClock): CreateAdapter {
  return (options: BetterAuthOptions) => {
    const adapter = create(options);
    const { transaction } = adapter;
    convertTimes(adapter, clock);
    adapter.transaction = (run) =>
      transaction((inner) => {
        convertTimes(inner, clock);
        return run(inner);
      });
    return adapter;
  };
}

function convertTimes(adapter: object, { aheadMs }: ComparedClock): void {
  const all = adapter as Record<string, Method | undefined>;
  for (const name of methods) {
    const method = all[name]?.bind(adapter);
    if (method === undefined) continue;
    all[name] = async (query) => {
      if (query.model !== 'session') return method(query);
      const ahead = await aheadMs();
      if (ahead === 0) return method(query);
      const result = await method(toDatabaseTime(query, ahead));
      return Array.isArray(result)
        ? result.map((row) => shiftTimes(row, ahead))
        : shiftTimes(result, ahead);
    };
  }
}

function toDatabaseTime(query: Query, aheadMs: number): Query {
  const { data, update, where } = query;
  return {
    ...query,
    ...(data && { data: shiftTimes(data, -aheadMs) as Row }),
    ...(update && { update: shiftTimes(update, -aheadMs) as Row }),
    ...(where && {
      where: where.map((one) =>
        times.includes(one.field) ? { ...one, value: shift(one.value, -aheadMs) } : one,
      ),
    }),
  };
}

function shiftTimes(row: unknown, milliseconds: number): unknown {
  if (typeof row !== 'object' || row === null) return row;
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      times.includes(name) ? shift(value, milliseconds) : (value as unknown),
    ]),
  );
}

function shift(value: unknown, milliseconds: number): unknown {
  return value instanceof Date ? new Date(value.getTime() + milliseconds) : value;
}
