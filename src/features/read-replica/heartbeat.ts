/**
 * Beats that this process writes to the primary. A replica that shows a beat has applied everything that was committed
 * before the beat was sent: PostgreSQL replays commits in their order. How old its state is at most therefore follows from
 * this process's clock alone, whatever replication is used, and whichever of several replicas answered.
 */
import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { Orm } from '../../db/client.js';
import { replicaHeartbeat } from './tables.js';

export interface Heartbeat {
  /** Of the row. */
  readonly id: string;
  /** Begins to write the next beat if it is due. */
  readonly keepBeating: () => void;
  /** Whether a beat is known to be written that a replica could show in time. */
  readonly isBeating: () => boolean;
  /** Whether a state that shows this beat is within the bound, now. @param beat null if it shows none */
  readonly isRecent: (beat: number | null) => boolean;
}

interface Options {
  readonly maxLagMs: number;
  /** Writes the beat to the primary. */
  readonly write: (id: string, beat: number) => Promise<unknown>;
  /** Clocks in milliseconds: `monotonic` may stand still while the machine is suspended, `wall` may be set back. */
  readonly clocks?: { readonly monotonic: () => number; readonly wall: () => number };
}

/** A beat that arrives at once can be used for the other two thirds of the bound, while the next one is on its way. */
const beatsPerBound = 3;

export function createHeartbeat({ maxLagMs, write, clocks = systemClocks }: Options): Heartbeat {
  const id = randomUUID();
  const sentAt = new Map<number, { monotonic: number; wall: number }>();
  let last = 0;
  let written = 0;
  let isWriting = false;

  /** Infinity for a beat that was never sent, or longer ago than the bound. */
  function ageOf(beat: number): number {
    const sent = sentAt.get(beat);
    if (sent === undefined) return Infinity;
    return Math.max(clocks.monotonic() - sent.monotonic, clocks.wall() - sent.wall);
  }

  function forgetOldBeats(): void {
    for (const beat of sentAt.keys()) if (ageOf(beat) > maxLagMs) sentAt.delete(beat);
  }

  async function beatOnce(): Promise<void> {
    forgetOldBeats();
    last += 1;
    const beat = last;
    sentAt.set(beat, { monotonic: clocks.monotonic(), wall: clocks.wall() }); // before it is sent
    await write(id, beat);
    written = beat;
  }

  return {
    id,
    keepBeating() {
      if (isWriting || ageOf(last) < maxLagMs / beatsPerBound) return;
      isWriting = true;
      beatOnce()
        .catch(() => undefined) // the primary is unavailable, as the next check of it reports
        .finally(() => {
          isWriting = false;
        });
    },
    isBeating: () => ageOf(written) <= maxLagMs,
    isRecent: (beat) => beat !== null && ageOf(beat) <= maxLagMs,
  };
}

const systemClocks = { monotonic: () => performance.now(), wall: () => Date.now() };

export async function writeBeat(orm: Orm, id: string, beat: number): Promise<void> {
  const values = { beat, writtenAt: sql`clock_timestamp()` };
  await orm
    .insert(replicaHeartbeat)
    .values({ id, ...values })
    .onConflictDoUpdate({ target: replicaHeartbeat.id, set: values });
}

/** The instance's beat in the snapshot of the query that selects it; null if it has not arrived. */
export function selectBeat(id: string) {
  return sql<number | null>`(
    select ${replicaHeartbeat.beat} from ${replicaHeartbeat} where ${replicaHeartbeat.id} = ${id}
  )`;
}
