/** The user's sessions, loaded when the component mounts and again after the time in `Retry-After`. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { useAuth } from './hooks.js';
import type { Refusal } from './outcome.js';
import type { Session } from './session.js';
import { useCountdown } from './use-countdown.js';

export interface SessionList {
  /** Undefined until loaded. The previous list stays while it is reloaded. */
  readonly sessions: readonly Session[] | undefined;
  readonly refusal: Refusal | undefined;
  /** Until the list is reloaded automatically. */
  readonly secondsLeft: number;
  readonly reload: () => Promise<void>;
  /** Removes a session that has ended. */
  readonly remove: (session: Pick<Session, 'id'>) => void;
}

export function useSessionList({ token }: Pick<Session, 'token'>): SessionList {
  const auth = useAuth();
  const [sessions, setSessions] = useState<readonly Session[]>();
  const [refusal, setRefusal] = useState<Refusal>();
  const { secondsLeft, start } = useCountdown();
  /** Requests and removals are numbered: a late response would bring back sessions that have ended. */
  const changes = useRef(0);

  const reload = useCallback(async () => {
    const number = (changes.current += 1);
    const outcome = await auth.listSessions();
    if (number !== changes.current) return;
    if (outcome.ok) setSessions(outcome.value);
    setRefusal(outcome.ok ? undefined : outcome);
  }, [auth]);

  // A different session of this browser may belong to another user.
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
    setSessions((previous) => previous?.filter((session) => session.id !== id));
  }

  return { sessions, refusal, secondsLeft, reload, remove };
}
