/**
 * BetterAuth compares the times of sessions with this process's clock, and deletes a session that is over by it. Here they
 * are converted between that clock and the database's, so that a clock which is wrong ends no session (compared-clock.ts).
 */
import type { ComparedClock } from '../session/compared-clock.js';
import { changeAdapter, type AdapterMethods, type CreateAdapter } from './change-adapter.js';

type Row = Record<string, unknown>;

interface Query {
  readonly model: string;
  readonly data?: Row;
  readonly update?: Row;
  readonly where?: readonly { readonly field: string; readonly value: unknown }[];
}

type Method = (query: Query) => Promise<unknown>;

const times = ['createdAt', 'updatedAt', 'expiresAt', 'provenAt'];
const names = [
  'create',
  'update',
  'updateMany',
  'findOne',
  'findMany',
  'deleteMany',
  'count',
] as const;

export function convertSessionTimes(
  create: CreateAdapter,
  { aheadMs, compare }: ComparedClock,
): CreateAdapter {
  const convert =
    (method: Method, isInsert: boolean): Method =>
    async (query) => {
      if (query.model !== 'session') return method(query);
      const ahead = await (isInsert ? compare() : aheadMs());
      const result = await method(ahead === 0 ? query : toDatabaseTime(query, ahead));
      // Before it ends a session, a clock that was not compared yet must be.
      if (isOver(result)) return shiftTimes(result, await compare());
      if (ahead === 0) return result;
      return Array.isArray(result)
        ? result.map((row) => shiftTimes(row, ahead))
        : shiftTimes(result, ahead);
    };
  return changeAdapter(create, (methods) => {
    const all = methods as unknown as Record<(typeof names)[number], Method>;
    const converted = names.map((name) => [name, convert(all[name], name === 'create')]);
    return Object.fromEntries(converted) as Partial<AdapterMethods>;
  });
}

function isOver(row: unknown): boolean {
  const { expiresAt } = (row ?? {}) as { expiresAt?: unknown };
  return expiresAt instanceof Date && expiresAt.getTime() < Date.now();
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
