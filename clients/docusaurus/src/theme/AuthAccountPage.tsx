/** The account page: name, password, sessions, providers, and deletion of the account. */
import { useEffect, useRef, useState, type ReactNode } from 'react';
import Link from '@docusaurus/Link';
import Translate, { translate } from '@docusaurus/Translate';
import AuthAccountFactors from '@theme/AuthAccountFactors';
import AuthDeleteAccount from '@theme/AuthDeleteAccount';
import AuthMessage from '@theme/AuthMessage';
import AuthEmailForm from '@theme/AuthEmailForm';
import AuthLinkedProviders from '@theme/AuthLinkedProviders';
import AuthNameForm from '@theme/AuthNameForm';
import AuthPage from '@theme/AuthPage';
import AuthPasswordForm from '@theme/AuthPasswordForm';
import AuthProfileForm from '@theme/AuthProfileForm';
import AuthResendMail from '@theme/AuthResendMail';
import AuthSessionList from '@theme/AuthSessionList';
import AuthSignOut from '@theme/AuthSignOut';
import AuthSignOutEverywhere from '@theme/AuthSignOutEverywhere';
import {
  profileFields,
  useAuth,
  useAuthOptions,
  useServiceFeatures,
  useSession,
  withReturnPath,
  type Session,
  type User,
} from 'docusaurus-plugin-auth-service/client';

export default function AuthAccountPage(): ReactNode {
  const state = useSession();
  const [message, setMessage] = useState<string>();
  useEffect(() => {
    if (state.status === 'signedIn') setMessage(undefined);
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
        description: 'The meta description of the account page',
      })}
    >
      <div className="auth-account">
        <AuthMessage kind="success" message={state.status === 'signedOut' ? message : undefined} />
        {state.status === 'loading' && (
          <p className="auth-muted">
            <Translate id="theme.auth.account.loading" description="Until the session is known">
              Loading your account…
            </Translate>
          </p>
        )}
        {state.status === 'signedOut' && (
          <SignedOutNotice hasJustSignedOut={message !== undefined} />
        )}
        {state.status === 'signedIn' && (
          <Account user={state.user} session={state.session} onSignedOut={setMessage} />
        )}
      </div>
    </AuthPage>
  );
}

/** @param props.hasJustSignedOut takes the focus, because the button that had it is gone */
function SignedOutNotice({ hasJustSignedOut }: { hasJustSignedOut: boolean }): ReactNode {
  const { accountPath, signInPath } = useAuthOptions();
  const ref = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    if (hasJustSignedOut) ref.current?.focus();
  }, [hasJustSignedOut]);
  return (
    <p ref={ref} tabIndex={-1} className="auth-alternative">
      <Translate
        id="theme.auth.account.signedOut"
        description="On the account page while signed out"
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
  /** Called with the message to show afterwards. */
  readonly onSignedOut: (message: string) => void;
}

function Account({ user, session, onSignedOut }: AccountProps): ReactNode {
  const auth = useAuth();
  const { profileSchema } = useAuthOptions();
  const features = useServiceFeatures();
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
        <AuthSignOut onSignedOut={() => onSignedOut(signedOut())} />
      </div>
      {user.emailVerified === false && features?.emailVerification && (
        <section>
          <h2>
            <Translate id="theme.auth.account.confirm" description="A heading of the account page">
              Confirm your e-mail address
            </Translate>
          </h2>
          <AuthResendMail email={user.email} />
        </section>
      )}
      <section>
        <h2>
          <Translate id="theme.auth.account.name" description="A heading of the account page">
            Change your name
          </Translate>
        </h2>
        <AuthNameForm name={user.name} />
      </section>
      {profileFields(profileSchema, 'account').length > 0 && (
        <section>
          <h2>
            <Translate id="theme.auth.account.profile" description="A heading of the account page">
              Your profile
            </Translate>
          </h2>
          <AuthProfileForm profile={user.profile} />
        </section>
      )}
      {/* The advice to replace a breached password leads here. */}
      <section id="change-password">
        <h2>
          <Translate id="theme.auth.account.password" description="A heading of the account page">
            Change your password
          </Translate>
        </h2>
        <p>
          <Translate
            id="theme.auth.account.passwordEnds"
            description="Above the form that changes the password"
          >
            This also signs out your other devices.
          </Translate>
        </p>
        <AuthPasswordForm email={user.email} onChanged={() => void auth.recheck()} />
      </section>
      {features?.changeEmail && (
        <section>
          <h2>
            <Translate id="theme.auth.account.email" description="A heading of the account page">
              Change your e-mail address
            </Translate>
          </h2>
          <AuthEmailForm email={user.email} />
        </section>
      )}
      <section>
        <h2>
          <Translate id="theme.auth.account.delete" description="A heading of the account page">
            Delete your account
          </Translate>
        </h2>
        <AuthDeleteAccount
          email={user.email}
          onDeleted={() => onSignedOut(deletedMessage(features?.deleteGraceDays))}
        />
      </section>
      {/* Last on the page: the list grows when it arrives, and must not move a button under the pointer. */}
      <section>
        <h2>
          <Translate id="theme.auth.account.sessions" description="A heading of the account page">
            Where you are signed in
          </Translate>
        </h2>
        <AuthSignOutEverywhere onSignedOut={() => onSignedOut(signedOutEverywhere())} />
        <AuthSessionList current={session} />
      </section>
      <AuthAccountFactors />
      {features?.socialProviders && (
        <section>
          <h2>
            <Translate
              id="theme.auth.account.providers"
              description="A heading of the account page"
            >
              Other ways to sign in
            </Translate>
          </h2>
          <AuthLinkedProviders />
        </section>
      )}
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

const deletedMessage = (days: number | undefined) =>
  days === undefined ? deleted() : scheduled(days);

const scheduled = (days: number) =>
  translate(
    {
      id: 'theme.auth.account.deletionScheduled',
      message: 'Your account will be deleted after {days} days. Sign in before to keep it.',
      description: 'After a deletion that can be called off',
    },
    { days: String(days) },
  );

const deleted = () =>
  translate({
    id: 'theme.auth.account.deleted',
    message: 'Your account was deleted.',
    description: 'After the account was deleted',
  });
