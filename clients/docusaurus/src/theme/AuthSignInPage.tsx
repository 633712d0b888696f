/** The sign-in page. After signing in, the visitor returns to the page that linked here. */
import { useState, type ReactNode } from 'react';
import { useHistory } from '@docusaurus/router';
import { translate } from '@docusaurus/Translate';
import AuthAlreadySignedIn from '@theme/AuthAlreadySignedIn';
import AuthForgotPasswordLink from '@theme/AuthForgotPasswordLink';
import AuthForm from '@theme/AuthForm';
import AuthPage from '@theme/AuthPage';
import AuthPasskeySignIn from '@theme/AuthPasskeySignIn';
import AuthProviderButtons from '@theme/AuthProviderButtons';
import AuthResendMail from '@theme/AuthResendMail';
import AuthSecondFactor from '@theme/AuthSecondFactor';
import AuthSignInByMail from '@theme/AuthSignInByMail';
import AuthSwitchLink from '@theme/AuthSwitchLink';
import AuthUserField from '@theme/AuthUserField';
import {
  emailError,
  passwordError,
  pendingFactor,
  useAuth,
  useAuthOptions,
  useForm,
  useReturnPath,
  useServiceFeatures,
  useSession,
} from 'docusaurus-plugin-auth-service/client';

export default function AuthSignInPage(): ReactNode {
  const session = useSession();
  return (
    <AuthPage
      page="signIn"
      title={translate({
        id: 'theme.auth.signIn.title',
        message: 'Sign in',
        description: 'The heading of the sign-in page',
      })}
      description={translate({
        id: 'theme.auth.signIn.description',
        message: 'Sign in with your e-mail address and password.',
        description: 'The meta description of the sign-in page',
      })}
    >
      {session.status === 'signedIn' && <AuthAlreadySignedIn user={session.user} />}
      {session.status !== 'signedIn' && (pendingFactor(session) ? <SecondStep /> : <SignInForm />)}
    </AuthPage>
  );
}

function SecondStep(): ReactNode {
  const history = useHistory();
  const returnPath = useReturnPath();
  // `replace`, so that the Back button does not return to the form.
  return <AuthSecondFactor onDone={() => history.replace(returnPath)} />;
}

/** The password, or what else the service offers. */
function SignInForm(): ReactNode {
  const features = useServiceFeatures();
  const history = useHistory();
  const returnPath = useReturnPath();
  const [by, setBy] = useState<'link' | 'code'>();
  return (
    <div className="auth-form">
      {by === undefined ? <PasswordForm /> : <AuthSignInByMail key={by} by={by} />}
      <SignUpLink />
      {/* The last: they appear once the service has said what it offers, and must move nothing. */}
      {by === undefined && <AuthForgotPasswordLink />}
      {features?.passkeys && (
        <AuthPasskeySignIn onDone={() => history.replace(returnPath)} autofill={by === undefined} />
      )}
      {(features?.magicLink || features?.emailCode) && (
        <p className="auth-actions">
          {by !== undefined && <Way label={withPassword()} onClick={() => setBy(undefined)} />}
          {features.magicLink && by !== 'link' && (
            <Way label={withLink()} onClick={() => setBy('link')} />
          )}
          {features.emailCode && by !== 'code' && (
            <Way label={withCode()} onClick={() => setBy('code')} />
          )}
        </p>
      )}
      <AuthProviderButtons />
    </div>
  );
}

function Way({
  label,
  onClick,
}: {
  readonly label: string;
  readonly onClick: () => void;
}): ReactNode {
  return (
    <button type="button" className="button auth-button" onClick={onClick}>
      {label}
    </button>
  );
}

function PasswordForm(): ReactNode {
  const auth = useAuth();
  const history = useHistory();
  const returnPath = useReturnPath();
  const hasPasskeys = useServiceFeatures()?.passkeys === true;
  const [email, setEmail] = useState('');
  const form = useForm(
    (field) => {
      setEmail(field('email').trim());
      return auth.signIn({ email: field('email').trim(), password: field('password') });
    },
    // `replace`, so that the Back button does not return to the form.
    () => history.replace(returnPath),
    (field) => ({ email: emailError(field('email')), password: passwordError(field('password')) }),
  );
  const isUnconfirmed = form.refusal?.code === 'EMAIL_NOT_VERIFIED';
  return (
    <>
      <AuthForm
        form={form}
        label={translate({
          id: 'theme.auth.signIn.submit',
          message: 'Sign in',
          description: 'The button of the sign-in form',
        })}
        busyLabel={translate({
          id: 'theme.auth.signIn.busy',
          message: 'Signing in…',
          description: 'The button of the sign-in form while the request is pending',
        })}
      >
        <AuthUserField
          kind="email"
          // With `webauthn`, the browser offers passkeys among its suggestions.
          autoComplete={hasPasskeys ? 'username webauthn' : 'username'}
          error={form.errors.email}
        />
        <AuthUserField kind="password" error={form.errors.password} />
      </AuthForm>
      {isUnconfirmed && <AuthResendMail email={email} />}
    </>
  );
}

function SignUpLink(): ReactNode {
  const { signUpPath } = useAuthOptions();
  return (
    <AuthSwitchLink
      to={signUpPath}
      question={translate({
        id: 'theme.auth.signIn.noAccount',
        message: 'No account yet?',
        description: 'Followed by the link to the sign-up page',
      })}
    >
      {translate({
        id: 'theme.auth.signUp.link',
        message: 'Sign up',
        description: 'The link to the sign-up page',
      })}
    </AuthSwitchLink>
  );
}

const withPassword = () =>
  translate({
    id: 'theme.auth.signIn.withPassword',
    message: 'Sign in with the password',
    description: 'The button that shows the form for the password again',
  });

const withLink = () =>
  translate({
    id: 'theme.auth.signIn.withLink',
    message: 'Sign in with a mailed link',
    description: 'The button that shows the form which mails a link',
  });

const withCode = () =>
  translate({
    id: 'theme.auth.signIn.withCode',
    message: 'Sign in with a mailed code',
    description: 'The button that shows the form which mails a code',
  });
