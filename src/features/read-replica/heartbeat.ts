/**
 * Beats that this process writes to the primary. A streaming replica that shows a beat has applied everything that was
 * committed before the beat was sent: commits are replayed in their order. How old its state is at most therefore follows
 * from this process's clock alone, whichever of several replicas answered.
 */
import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { Orm } from '../../db/client.js';
import { replicaHeartbeat } from './tables.js';

/** `arriving`: the beats that it lacks were sent within the bound; `behind`: one was sent before. */
export type Recency = 'recent' | 'arriving' | 'behind';

export interface Heartbeat {
  /** Of the row. */
  readonly id: string;
  /** Called with each check; begins to write the next beat if it is due. */
  readonly keepBeating: () => void;
  /** Whether a beat is known to be written that a replica could show in time. */
  readonly isBeating: () => boolean;
  /** How old a state is, now, that shows this beat. @param beat null if it shows none */
  readonly recencyOf: (beat: string | null) => Recency;
}

interface Options {
  readonly maxLagMs: number;
  /** Writes the beat to the primary. */
  readonly write: (id: string, beat: string) => Promise<unknown>;
  readonly onFailure: (error: unknown) => void;
  /** Clocks in milliseconds: `monotonic` may stand still while the machine is suspended, `wall` may be set back. */
  readonly clocks?: { readonly monotonic: () => number; readonly wall: () => number };
}

interface Beat {
  /** Random: a copy of this process, as of a snapshot of its memory, writes others. */
  readonly name: string;
  readonly sentAt: { readonly monotonic: number; readonly wall: number };
  isWritten: boolean;
}

/** A beat that arrives at once can be used for the other two thirds of the bound, while the next one is on its way. */
const beatsPerBound = 3;

/** Less than the sweep keeps the row: afterwards a replica may show none. */
const rowKeptMs = 3_600_000;

/** With fewer checks within the bound, beats would cost the primary more than the replica takes from it. */
export const checksPerBound = 10;

export function createHeartbeat(options: Options): Heartbeat {
  const { maxLagMs, write, onFailure, clocks = systemClocks } = options;
  const id = randomUUID();
  const readClocks = () => ({ monotonic: clocks.monotonic(), wall: clocks.wall() });
  const checks: number[] = [];
  /** The oldest first; but for the first, none is older than the bound. */
  let beats: Beat[] = [];
  let isWriting = false;

  function ageOf({ sentAt }: Beat): number {
    return Math.max(clocks.monotonic() - sentAt.monotonic, clocks.wall() - sentAt.wall);
  }

  const isWithinBound = (beat: Beat) => ageOf(beat) <= maxLagMs;

  function isUnderLoad(): boolean {
    checks.push(clocks.monotonic());
    if (checks.length > checksPerBound) checks.shift();
    const [first = 0] = checks;
    return checks.length === checksPerBound && clocks.monotonic() - first <= maxLagMs;
  }

  /** Keeps the last one that was written before the bound: a replica that has not even that one is behind. */
  function forgetOldBeats(): void {
    const isKept = (beat: Beat) => beat.isWritten && ageOf(beat) < rowKeptMs;
    const last = beats.findLast((beat) => isKept(beat) && !isWithinBound(beat));
    beats = beats.filter((beat) => beat === last || isWithinBound(beat));
  }

  async function beatOnce(): Promise<void> {
    forgetOldBeats();
    const beat = { name: randomUUID(), sentAt: readClocks(), isWritten: false }; // before it is sent
    beats.push(beat);
    await write(id, beat.name);
    beat.isWritten = true;
  }

  function isDue(): boolean {
    const last = beats.at(-1);
    return last === undefined || ageOf(last) >= maxLagMs / beatsPerBound;
  }

  return {
    id,
    keepBeating() {
      if (!isUnderLoad() || isWriting || !isDue()) return;
      isWriting = true;
      beatOnce()
        .catch(onFailure)
        .finally(() => {
          isWriting = false;
        });
    },
    isBeating: () => beats.some((beat) => beat.isWritten && isWithinBound(beat)),
    recencyOf(name) {
      const shown = beats.find((beat) => beat.name === name);
      if (shown !== undefined && isWithinBound(shown)) return 'recent';
      const mustShow = beats.findLast((beat) => beat.isWritten && !isWithinBound(beat));
      return mustShow === undefined || mustShow === shown ? 'arriving' : 'behind';
    },
  };
}

const systemClocks = { monotonic: () => performance.now(), wall: () => Date.now() };

export async function writeBeat(orm: Orm, id: string, beat: string): Promise<void> {
  const now = sql`date_trunc('hour', clock_timestamp())`;
  await orm
    .insert(replicaHeartbeat)
    .values({ id, beat, writtenAt: now })
    .onConflictDoUpdate({ target: replicaHeartbeat.id, set: { beat, writtenAt: now } });
}

/**
 * The instance's beat in the snapshot of the query that selects it. Null if it has not arrived, and on a server that is not
 * in recovery: the order of commits is not kept by logical replication, which may leave out deletions altogether.
 */
export function selectBeat(id: string) {
  const beat = sql`(
    select ${replicaHeartbeat.beat} from ${replicaHeartbeat} where ${replicaHeartbeat.id} = ${id}
  )`;
  return sql<string | null>`case when pg_is_in_recovery() then ${beat} end`;
}
