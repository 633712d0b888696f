/** Reads the audit trail of a test service. */
import type { TestService } from './test-service.js';

export interface StoredEvent extends Record<string, unknown> {
  readonly at: Date;
  readonly kind: string;
  readonly outcome: string;
  readonly reason: string | null;
  readonly user_id: string | null;
  readonly account: string | null;
  readonly session: string | null;
  readonly request_id: string | null;
  readonly actor: string;
  readonly device: string | null;
  readonly network: string | null;
  readonly site: string | null;
  readonly count: number;
  readonly first_at: Date | null;
  readonly last_at: Date | null;
  readonly details: Record<string, unknown> | null;
}

type Source = Pick<TestService, 'audit' | 'database'>;

/** All events that are written, the oldest first. */
export async function storedEvents({ audit, database }: Source): Promise<StoredEvent[]> {
  await audit?.flush();
  return database.query<StoredEvent>(
    'select * from audit_event order by coalesce(last_at, at), at',
  );
}

/** Waits for the first event that matches: it is written after the response. The test's timeout limits the wait. */
export async function auditEvent(
  service: Source,
  matches: (event: StoredEvent) => boolean,
): Promise<StoredEvent> {
  for (;;) {
    const found = (await storedEvents(service)).find(matches);
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
