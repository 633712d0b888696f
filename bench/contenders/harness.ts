/** Shared by all contenders: the database, the port and the body of a request. */
import type { IncomingMessage, Server } from 'node:http';
import pg from 'pg';

export function databaseUrl(): string {
  const { DATABASE_URL } = process.env;
  if (DATABASE_URL === undefined)
    throw new Error('DATABASE_URL is not set: contenders are started by the bench');
  return DATABASE_URL;
}

/** As many connections as the service has; none of its timeouts, retries and limits. */
export function createPool(): pg.Pool {
  return new pg.Pool({ connectionString: databaseUrl(), max: 10 });
}

/** Listens on the port assigned by the bench. */
export function serve(server: Server): void {
  server.listen(Number(process.env.PORT));
}

/** The JSON object in a request's body. */
export async function readBody(req: IncomingMessage): Promise<Record<string, string>> {
  let body = '';
  for await (const part of req.setEncoding('utf8')) body += String(part);
  return JSON.parse(body) as Record<string, string>;
}
