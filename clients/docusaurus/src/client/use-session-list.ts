/** The sessions of whoever is signed in, asked for when the component appears and again where the service named a time. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { useAuth } from './hooks.js';
import type { Refusal } from './outcome.js';
import type { Session } from './session.js';
import { useCountdown } from './use-countdown.js';

export interface SessionList {
  /** Undefined until they are known. What was known stays while it is asked for again. */
  readonly sessions: readonly Session[] | undefined;
  readonly refusal: Refusal | undefined;
  /** Until it is asked for again by itself. */
  readonly secondsLeft: number;
  readonly reload: () => Promise<void>;
  /** Takes one out that has ended. */
  readonly remove: (session: Pick<Session, 'id'>) => void;
}

export function useSessionList({ token }: Pick<Session, 'token'>): SessionList {
  const auth = useAuth();
  const [sessions, setSessions] = useState<readonly Session[]>();
  const [refusal, setRefusal] = useState<Refusal>();
  const { secondsLeft, start } = useCountdown();
  /** An answer to a question from before a later one, or from before a session ended, would show what is gone. */
  const changes = useRef(0);

  const reload = useCallback(async () => {
    const number = (changes.current += 1);
    const answer = await auth.listSessions();
    if (number !== changes.current) return;
    if (answer.ok) setSessions(answer.value);
    setRefusal(answer.ok ? undefined : answer);
  }, [auth]);

  // Another session of this browser has another list.
  useEffect(() => void reload(), [reload, token]);

  useEffect(() => {
    const seconds = refusal?.retryAfterSeconds;
    if (seconds === undefined) return undefined;
    start(seconds);
    const timer = setTimeout(() => void reload(), seconds * 1000);
    return () => clearTimeout(timer);
  }, [refusal, reload]);

  function remove({ id }: Pick<Session, 'id'>): void {
    changes.current += 1;
    setSessions((known) => known?.filter((session) => session.id !== id));
  }

  return { sessions, refusal, secondsLeft, reload, remove };
}
