/** The user's sessions, each but this browser's with a button that ends it. */
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
  const [revokeRefusal, setRevokeRefusal] = useState<Refusal>();
  const [success, setSuccess] = useState<string>();

  async function revoke(session: Session): Promise<void> {
    setSuccess(undefined);
    setRevokeRefusal(undefined);
    const outcome = await auth.revokeSession(session);
    if (!outcome.ok) {
      setRevokeRefusal(outcome);
      return;
    }
    focused.current = buttonsOf(list.current).indexOf(document.activeElement);
    remove(session);
    setSuccess(revokedMessage(describeDevice(session.userAgent)));
    await reload();
  }

  // After the button that had the focus was removed.
  useEffect(() => {
    focusNear(list.current, focused.current);
    focused.current = -1;
  }, [sessions]);

  const lastUsed = lastUsedOf(sessions, current);
  return (
    <>
      <AuthFailure refusal={revokeRefusal} />
      <AuthFailure refusal={refusal} secondsLeft={secondsLeft} onRetry={() => void reload()} />
      <AuthMessage kind="success" message={success} />
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

/** This browser's session first, then by last use. */
function inOrder(sessions: readonly Session[], { token }: Session): Session[] {
  const rank = (session: Session) =>
    session.token === token ? Infinity : session.updatedAt.getTime();
  return [...sessions].sort((a, b) => rank(b) - rank(a));
}

/** Among the other sessions: this browser's is always the last used. */
function lastUsedOf(
  sessions: readonly Session[] | undefined,
  current: Session,
): Session | undefined {
  const others = inOrder(sessions ?? [], current).filter(({ token }) => token !== current.token);
  return others[0];
}

function buttonsOf(list: HTMLElement | null): (Element | null)[] {
  // Not `[...list]`: Docusaurus compiles it as if the list were an array.
  return Array.from(list?.querySelectorAll('button') ?? []);
}

/** The focus moves to the next button, or to the list if there is none. */
function focusNear(list: HTMLElement | null, position: number): void {
  if (position === -1) return; // the focus was elsewhere
  const left = buttonsOf(list);
  const next = left[Math.min(position, left.length - 1)] ?? list;
  if (next instanceof HTMLElement) next.focus();
}

function revokedMessage(device: string): string {
  return translate(
    {
      id: 'theme.auth.sessions.ended',
      message: '{device} was signed out.',
      description: 'After a session in the list was ended; the device is "Firefox on Linux"',
    },
    { device },
  );
}
