/** The statements that a request sends, to compare what two requests cost. */
import type { TestService } from './test-service.js';

interface Client {
  query: (...args: unknown[]) => unknown;
}

/** @returns the texts of all statements during `send`, without those of the mail worker, which runs after the response */
export async function recordStatements(
  { pool }: Pick<TestService, 'pool'>,
  send: () => Promise<unknown>,
): Promise<readonly string[]> {
  const statements: string[] = [];
  const originals = new Map<Client, Client['query']>();
  const record = (client: Client) => {
    if (originals.has(client)) return;
    const original = client.query;
    originals.set(client, original);
    client.query = (...args) => {
      const [config] = args as [string | { readonly text: string }];
      const text = typeof config === 'string' ? config : config.text;
      // The worker's statements are Drizzle's, which quotes the name.
      if (!text.includes('"mail_outbox"')) statements.push(text);
      return original.apply(client, args);
    };
  };
  pool.on('acquire', record);
  await send();
  pool.off('acquire', record as never);
  for (const [client, original] of originals) client.query = original;
  return statements;
}
