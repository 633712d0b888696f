/** Where the user is signed in, and a button that ends each of the other sessions. */
import { useCallback, useEffect, useState, type ReactNode } from 'react';
import AuthMessage from '@theme/AuthMessage';
import type { Props } from '@theme/AuthSessionList';
import {
  describeDevice,
  shortAddress,
  useAuth,
  type Outcome,
  type Session,
} from 'docusaurus-plugin-auth-service/client';

export default function AuthSessionList({ current }: Props): ReactNode {
  const auth = useAuth();
  const [listed, setListed] = useState<Outcome<readonly Session[]>>();
  const [failure, setFailure] = useState<string>();
  const load = useCallback(async () => setListed(await auth.listSessions()), [auth]);
  useEffect(() => void load(), [load, current.token]);

  async function revoke(session: Session): Promise<void> {
    const outcome = await auth.revokeSession(session);
    setFailure(outcome.ok ? undefined : outcome.message);
    if (outcome.ok) await load();
  }

  return (
    <>
      <AuthMessage message={failure ?? (listed?.ok === false ? listed.message : undefined)} />
      <ul className="auth-sessions" aria-busy={listed === undefined}>
        {(listed?.ok ? inOrder(listed.value, current) : [current]).map((session) => (
          <li key={session.id}>
            <SessionLine session={session} />
            {session.token === current.token ? (
              <span className="badge badge--secondary">This browser</span>
            ) : (
              <RevokeButton session={session} onRevoke={revoke} />
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

function SessionLine({ session }: { session: Session }): ReactNode {
  const { createdAt, userAgent } = session;
  const place = shortAddress(session.ipAddress);
  return (
    <div>
      {describeDevice(userAgent)}
      <br />
      <small className="auth-muted">
        since {formatTime(createdAt)}
        {place && `, ${place}`}
      </small>
    </div>
  );
}

interface RevokeProps {
  readonly session: Session;
  readonly onRevoke: (session: Session) => Promise<void>;
}

function RevokeButton({ session, onRevoke }: RevokeProps): ReactNode {
  const name = `${describeDevice(session.userAgent)}, since ${formatTime(session.createdAt)}`;
  return (
    <button
      type="button"
      className="button button--secondary button--sm"
      aria-label={`Sign out ${name}`}
      onClick={() => onRevoke(session)}
    >
      Sign out
    </button>
  );
}

/** This browser's first, then the newest. */
function inOrder(sessions: readonly Session[], { token }: Session): Session[] {
  const rank = (session: Session) =>
    session.token === token ? Infinity : session.createdAt.getTime();
  return [...sessions].sort((a, b) => rank(b) - rank(a));
}

function formatTime(time: Date): string {
  return time.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}
