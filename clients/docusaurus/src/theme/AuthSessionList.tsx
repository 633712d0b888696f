/** Where the user is signed in, and a button that ends each of the other sessions. */
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { translate } from '@docusaurus/Translate';
import AuthFailure from '@theme/AuthFailure';
import AuthMessage from '@theme/AuthMessage';
import AuthSessionLine from '@theme/AuthSessionLine';
import type { Props } from '@theme/AuthSessionList';
import {
  describeDevice,
  useAuth,
  useSessionList,
  type Refusal,
  type Session,
} from 'docusaurus-plugin-auth-service/client';

export default function AuthSessionList({ current }: Props): ReactNode {
  const auth = useAuth();
  const list = useRef<HTMLUListElement>(null);
  const focused = useRef(-1);
  const { sessions, refusal, secondsLeft, reload, remove } = useSessionList(current);
  const [refused, setRefused] = useState<Refusal>();
  const [ended, setEnded] = useState<string>();

  async function revoke(session: Session): Promise<void> {
    setEnded(undefined);
    setRefused(undefined);
    const outcome = await auth.revokeSession(session);
    if (!outcome.ok) {
      setRefused(outcome);
      return;
    }
    focused.current = buttonsOf(list.current).indexOf(document.activeElement);
    remove(session);
    setEnded(revokedMessage(describeDevice(session.userAgent)));
    await reload();
  }

  // Once the button is gone that had the focus.
  useEffect(() => {
    focusNear(list.current, focused.current);
    focused.current = -1;
  }, [sessions]);

  const lastUsed = lastUsedOf(sessions, current);
  return (
    <>
      <AuthFailure refusal={refused} />
      <AuthFailure refusal={refusal} secondsLeft={secondsLeft} onRetry={() => void reload()} />
      <AuthMessage kind="success" message={ended} />
      <ul ref={list} tabIndex={-1} className="auth-sessions" aria-busy={sessions === undefined}>
        {inOrder(sessions ?? [current], current).map((session) => (
          <AuthSessionLine
            key={session.id}
            session={session}
            isCurrent={session.token === current.token}
            isLastUsed={session === lastUsed}
            onRevoke={revoke}
          />
        ))}
      </ul>
    </>
  );
}

/** This browser's first, then the one that was used last. */
function inOrder(sessions: readonly Session[], { token }: Session): Session[] {
  const rank = (session: Session) =>
    session.token === token ? Infinity : session.updatedAt.getTime();
  return [...sessions].sort((a, b) => rank(b) - rank(a));
}

/** Of the other sessions: this browser's is in use as it is read. */
function lastUsedOf(
  sessions: readonly Session[] | undefined,
  current: Session,
): Session | undefined {
  const others = inOrder(sessions ?? [], current).filter(({ token }) => token !== current.token);
  return others[0];
}

function buttonsOf(list: HTMLElement | null): (Element | null)[] {
  // Not by spreading: Docusaurus compiles `[...list]` for arrays alone.
  return Array.from(list?.querySelectorAll('button') ?? []);
}

/** The button is gone with its session: the focus goes to the next one, or to the list where there is none. */
function focusNear(list: HTMLElement | null, position: number): void {
  if (position === -1) return; // the visitor went elsewhere meanwhile
  const left = buttonsOf(list);
  const next = left[Math.min(position, left.length - 1)] ?? list;
  if (next instanceof HTMLElement) next.focus();
}

function revokedMessage(device: string): string {
  return translate(
    {
      id: 'theme.auth.sessions.ended',
      message: '{device} is signed out.',
      description: 'After a session in the list was ended; the device is "Firefox on Linux"',
    },
    { device },
  );
}
