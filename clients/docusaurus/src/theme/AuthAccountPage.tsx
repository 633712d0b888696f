/** The account of whoever is signed in: name, sessions, password, and the way out. */
import { useState, type ReactNode } from 'react';
import Link from '@docusaurus/Link';
import AuthMessage from '@theme/AuthMessage';
import AuthPage from '@theme/AuthPage';
import AuthPasswordForm from '@theme/AuthPasswordForm';
import AuthSessionList from '@theme/AuthSessionList';
import {
  useAuth,
  useAuthOptions,
  useSession,
  withReturnPath,
  type Outcome,
  type Session,
  type User,
} from 'docusaurus-plugin-auth-service/client';

export default function AuthAccountPage(): ReactNode {
  const state = useSession();
  const { accountPath, signInPath } = useAuthOptions();
  return (
    <AuthPage title="Your account" description="Your sessions and your password.">
      <div className="auth-account">
        {state.status === 'loading' && <p className="auth-muted">Loading your account…</p>}
        {state.status === 'signedOut' && (
          <p>
            You are not signed in. <Link to={withReturnPath(signInPath, accountPath)}>Sign in</Link>
          </p>
        )}
        {state.status === 'signedIn' && <Account user={state.user} session={state.session} />}
      </div>
    </AuthPage>
  );
}

function Account({ user, session }: { user: User; session: Session }): ReactNode {
  const auth = useAuth();
  const [failure, setFailure] = useState<string>();
  async function leave(action: () => Promise<Outcome>): Promise<void> {
    const outcome = await action();
    if (!outcome.ok) setFailure(outcome.message);
  }
  return (
    <>
      <p>
        <strong>{user.name}</strong>
        <br />
        {user.email}
      </p>
      <button
        type="button"
        className="button button--secondary"
        onClick={() => leave(auth.signOut)}
      >
        Sign out
      </button>
      <AuthMessage message={failure} />
      <h2>Where you are signed in</h2>
      <AuthSessionList current={session} />
      <button
        type="button"
        className="button button--outline button--danger"
        onClick={() => leave(auth.signOutEverywhere)}
      >
        Sign out everywhere
      </button>
      <h2>Change the password</h2>
      <AuthPasswordForm email={user.email} onChanged={() => void auth.recheck()} />
    </>
  );
}
