/** What every contender is given. */
import type { Server } from 'node:http';

export function databaseUrl(): string {
  const { DATABASE_URL } = process.env;
  if (DATABASE_URL === undefined) throw new Error('the bench starts this, with DATABASE_URL');
  return DATABASE_URL;
}

/** Serves where the bench expects it. */
export function serve(server: Server): void {
  server.listen(Number(process.env.PORT));
}
