/** Shared by all contenders: the database URL and the port. */
import type { Server } from 'node:http';

export function databaseUrl(): string {
  const { DATABASE_URL } = process.env;
  if (DATABASE_URL === undefined)
    throw new Error('DATABASE_URL is not set: contenders are started by the bench');
  return DATABASE_URL;
}

/** Listens on the port assigned by the bench. */
export function serve(server: Server): void {
  server.listen(Number(process.env.PORT));
}
