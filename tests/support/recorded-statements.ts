/** The statements that a request sends, to compare what two requests cost. */
import type { TestService } from './test-service.js';

interface Client {
  query: (...args: unknown[]) => unknown;
}

/**
 * What runs after a response, perhaps before the test has read it: the mail worker, whose statements are Drizzle's, which
 * quotes the name, the audit trail's queue, and the hourly sweep. And the check of a connection that was idle, which depends on the time.
 */
const background =
  /^select 1$|"mail_outbox"|insert into "audit_event".* on conflict|audit_event_|inhparent|from audit_event|\bctid\b|values \(gen_random_uuid\(\)::text, \$1, 0,/;

/** @returns the texts of all statements of the requests that `send` sends */
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
    let hasBegun = false;
    let isInBackground = false;
    client.query = (...args) => {
      const [config] = args as [string | { readonly text: string }];
      const text = typeof config === 'string' ? config : config.text;
      // The mail worker's transactions begin with a statement that is recognised.
      if (hasBegun) {
        isInBackground = background.test(text);
        hasBegun = false;
        if (!isInBackground) statements.push('BEGIN');
      }
      if (text === 'BEGIN') hasBegun = true;
      else if (!isInBackground && !background.test(text)) statements.push(text);
      if (/^(COMMIT|ROLLBACK)$/.test(text)) isInBackground = false;
      return original.apply(client, args);
    };
  };
  pool.on('acquire', record);
  await send();
  pool.off('acquire', record as never);
  for (const [client, original] of originals) client.query = original;
  return statements;
}
