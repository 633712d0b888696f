/** Sign in, and go back to the page that asked for it. */
import type { ReactNode } from 'react';
import Link from '@docusaurus/Link';
import { useHistory, useLocation } from '@docusaurus/router';
import Translate, { translate } from '@docusaurus/Translate';
import useIsBrowser from '@docusaurus/useIsBrowser';
import AuthAlreadySignedIn from '@theme/AuthAlreadySignedIn';
import AuthFailure from '@theme/AuthFailure';
import AuthField from '@theme/AuthField';
import AuthPage from '@theme/AuthPage';
import AuthSubmit from '@theme/AuthSubmit';
import {
  emailError,
  passwordError,
  useAuth,
  useAuthOptions,
  useForm,
  useReturnPath,
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
        description: 'What the sign-in page is about, for its meta tag',
      })}
    >
      {session.status === 'signedIn' ? <AuthAlreadySignedIn user={session.user} /> : <SignInForm />}
    </AuthPage>
  );
}

function SignInForm(): ReactNode {
  const auth = useAuth();
  const { signUpPath } = useAuthOptions();
  const history = useHistory();
  const returnPath = useReturnPath();
  const { search } = useLocation();
  // The query is not known while the site is built, and the first render has to agree with what was built.
  const remembered = useIsBrowser() ? search : '';
  const { isBusy, errors, refusal, secondsLeft, onSubmit, onInput } = useForm(
    (field) => auth.signIn({ email: field('email').trim(), password: field('password') }),
    // In place of the form, so that "back" does not lead to it.
    () => history.replace(returnPath),
    (field) => ({ email: emailError(field('email')), password: passwordError(field('password')) }),
  );
  return (
    <form method="post" className="auth-form" noValidate onSubmit={onSubmit} onInput={onInput}>
      <AuthField
        label={translate({
          id: 'theme.auth.field.email',
          message: 'E-mail address',
          description: 'The label of a field',
        })}
        name="email"
        type="email"
        autoComplete="username"
        error={errors.email}
      />
      <AuthField
        label={translate({
          id: 'theme.auth.field.password',
          message: 'Password',
          description: 'The label of a field',
        })}
        name="password"
        type="password"
        autoComplete="current-password"
        error={errors.password}
      />
      <AuthFailure {...{ refusal, secondsLeft }} />
      <AuthSubmit isBusy={isBusy} isWaiting={secondsLeft > 0}>
        {isBusy ? (
          <Translate
            id="theme.auth.signIn.busy"
            description="The button of the sign-in form while the answer is awaited"
          >
            Signing in…
          </Translate>
        ) : (
          <Translate id="theme.auth.signIn.submit" description="The button of the sign-in form">
            Sign in
          </Translate>
        )}
      </AuthSubmit>
      <p className="auth-alternative">
        <Translate
          id="theme.auth.signIn.noAccount"
          description="Followed by the link to the sign-up page"
        >
          No account yet?
        </Translate>{' '}
        <Link to={signUpPath + remembered}>
          <Translate id="theme.auth.signUp.link" description="The link to the sign-up page">
            Sign up
          </Translate>
        </Link>
      </p>
    </form>
  );
}
