/** The account of whoever is signed in: name, sessions, password, and the ways out. */
import { useEffect, useRef, useState, type ReactNode } from 'react';
import Link from '@docusaurus/Link';
import Translate, { translate } from '@docusaurus/Translate';
import AuthDeleteAccount from '@theme/AuthDeleteAccount';
import AuthMessage from '@theme/AuthMessage';
import AuthNameForm from '@theme/AuthNameForm';
import AuthPage from '@theme/AuthPage';
import AuthPasswordForm from '@theme/AuthPasswordForm';
import AuthSessionList from '@theme/AuthSessionList';
import AuthSignOut from '@theme/AuthSignOut';
import AuthSignOutEverywhere from '@theme/AuthSignOutEverywhere';
import {
  useAuth,
  useAuthOptions,
  useSession,
  withReturnPath,
  type Session,
  type User,
} from 'docusaurus-plugin-auth-service/client';

export default function AuthAccountPage(): ReactNode {
  const state = useSession();
  const [farewell, setFarewell] = useState<string>();
  useEffect(() => {
    if (state.status === 'signedIn') setFarewell(undefined);
  }, [state.status]);
  return (
    <AuthPage
      page="account"
      title={translate({
        id: 'theme.auth.account.title',
        message: 'Your account',
        description: 'The heading of the account page',
      })}
      description={translate({
        id: 'theme.auth.account.description',
        message: 'Your name, your sessions and your password.',
        description: 'What the account page is about, for its meta tag',
      })}
    >
      <div className="auth-account">
        <AuthMessage kind="success" message={state.status === 'signedOut' ? farewell : undefined} />
        {state.status === 'loading' && (
          <p className="auth-muted">
            <Translate id="theme.auth.account.loading" description="Until the service answered">
              Loading your account…
            </Translate>
          </p>
        )}
        {state.status === 'signedOut' && <SignedOutNotice isLeaving={farewell !== undefined} />}
        {state.status === 'signedIn' && (
          <Account user={state.user} session={state.session} onLeave={setFarewell} />
        )}
      </div>
    </AuthPage>
  );
}

/** @param props.isLeaving whether this visitor just signed out here: what had the focus is gone then */
function SignedOutNotice({ isLeaving }: { isLeaving: boolean }): ReactNode {
  const { accountPath, signInPath } = useAuthOptions();
  const ref = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    if (isLeaving) ref.current?.focus();
  }, [isLeaving]);
  return (
    <p ref={ref} tabIndex={-1} className="auth-alternative">
      <Translate
        id="theme.auth.account.signedOut"
        description="On the account page, where nobody is signed in"
      >
        You are not signed in.
      </Translate>{' '}
      <Link to={withReturnPath(signInPath, accountPath)}>
        <Translate id="theme.auth.signIn.link" description="The link to the sign-in page">
          Sign in
        </Translate>
      </Link>
    </p>
  );
}

interface AccountProps {
  readonly user: User;
  readonly session: Session;
  /** Called with the sentence that says how. */
  readonly onLeave: (farewell: string) => void;
}

function Account({ user, session, onLeave }: AccountProps): ReactNode {
  const auth = useAuth();
  return (
    <>
      <div className="auth-person">
        <p>
          <strong>
            <bdi>{user.name}</bdi>
          </strong>
          <br />
          <bdi>{user.email}</bdi>
        </p>
        <AuthSignOut onSignedOut={() => onLeave(signedOut())} />
      </div>
      <section>
        <h2>
          <Translate id="theme.auth.account.sessions" description="A heading of the account page">
            Where you are signed in
          </Translate>
        </h2>
        <AuthSessionList current={session} />
        <AuthSignOutEverywhere onSignedOut={() => onLeave(signedOutEverywhere())} />
      </section>
      <section>
        <h2>
          <Translate id="theme.auth.account.name" description="A heading of the account page">
            Change the name
          </Translate>
        </h2>
        <AuthNameForm name={user.name} />
      </section>
      <section>
        <h2>
          <Translate id="theme.auth.account.password" description="A heading of the account page">
            Change the password
          </Translate>
        </h2>
        <p>
          <Translate
            id="theme.auth.account.passwordEnds"
            description="Above the form that changes the password"
          >
            Your other devices are signed out with it.
          </Translate>
        </p>
        <AuthPasswordForm email={user.email} onChanged={() => void auth.recheck()} />
      </section>
      <section>
        <h2>
          <Translate id="theme.auth.account.delete" description="A heading of the account page">
            Delete the account
          </Translate>
        </h2>
        <AuthDeleteAccount email={user.email} onDeleted={() => onLeave(deleted())} />
      </section>
    </>
  );
}

const signedOut = () =>
  translate({
    id: 'theme.auth.account.farewell',
    message: 'You are signed out.',
    description: 'After signing out',
  });

const signedOutEverywhere = () =>
  translate({
    id: 'theme.auth.account.farewellEverywhere',
    message: 'You are signed out on every device.',
    description: 'After signing out everywhere',
  });

const deleted = () =>
  translate({
    id: 'theme.auth.account.deleted',
    message: 'Your account is deleted.',
    description: 'After the account was deleted',
  });
