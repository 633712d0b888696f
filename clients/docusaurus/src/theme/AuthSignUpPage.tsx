/** Make an account, and be signed in with it. */
import type { ReactNode } from 'react';
import Link from '@docusaurus/Link';
import { useHistory, useLocation } from '@docusaurus/router';
import Translate, { translate } from '@docusaurus/Translate';
import useIsBrowser from '@docusaurus/useIsBrowser';
import AuthAlreadySignedIn from '@theme/AuthAlreadySignedIn';
import AuthFailure from '@theme/AuthFailure';
import AuthField from '@theme/AuthField';
import AuthPage from '@theme/AuthPage';
import AuthPasswordHint from '@theme/AuthPasswordHint';
import AuthSubmit from '@theme/AuthSubmit';
import {
  emailError,
  nameError,
  newPasswordError,
  useAuth,
  useAuthOptions,
  useForm,
  useReturnPath,
  useSession,
} from 'docusaurus-plugin-auth-service/client';

export default function AuthSignUpPage(): ReactNode {
  const session = useSession();
  return (
    <AuthPage
      page="signUp"
      title={translate({
        id: 'theme.auth.signUp.title',
        message: 'Sign up',
        description: 'The heading of the sign-up page',
      })}
      description={translate({
        id: 'theme.auth.signUp.description',
        message: 'Make an account with your e-mail address.',
        description: 'What the sign-up page is about, for its meta tag',
      })}
    >
      {session.status === 'signedIn' ? <AuthAlreadySignedIn user={session.user} /> : <SignUpForm />}
    </AuthPage>
  );
}

function SignUpForm(): ReactNode {
  const auth = useAuth();
  const { signInPath } = useAuthOptions();
  const history = useHistory();
  const returnPath = useReturnPath();
  const { search } = useLocation();
  // The query is not known while the site is built, and the first render has to agree with what was built.
  const remembered = useIsBrowser() ? search : '';
  const { isBusy, errors, refusal, secondsLeft, onSubmit, onInput } = useForm(
    (field) =>
      auth.signUp({
        name: field('name').trim(),
        email: field('email').trim(),
        password: field('password'),
      }),
    // In place of the form, so that "back" does not lead to it.
    () => history.replace(returnPath),
    (field) => ({
      name: nameError(field('name')),
      email: emailError(field('email')),
      password: newPasswordError(field('password')),
    }),
  );
  return (
    <form method="post" className="auth-form" noValidate onSubmit={onSubmit} onInput={onInput}>
      <AuthField
        label={translate({
          id: 'theme.auth.field.name',
          message: 'Name',
          description: 'The label of a field',
        })}
        name="name"
        autoComplete="name"
        error={errors.name}
      />
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
        autoComplete="new-password"
        hint={<AuthPasswordHint />}
        error={errors.password}
      />
      <AuthFailure {...{ refusal, secondsLeft }} />
      <AuthSubmit isBusy={isBusy} isWaiting={secondsLeft > 0}>
        {isBusy ? (
          <Translate
            id="theme.auth.signUp.busy"
            description="The button of the sign-up form while the answer is awaited"
          >
            Making the account…
          </Translate>
        ) : (
          <Translate id="theme.auth.signUp.submit" description="The button of the sign-up form">
            Sign up
          </Translate>
        )}
      </AuthSubmit>
      <p className="auth-alternative">
        <Translate
          id="theme.auth.signUp.hasAccount"
          description="Followed by the link to the sign-in page"
        >
          Already here before?
        </Translate>{' '}
        <Link to={signInPath + remembered}>
          <Translate id="theme.auth.signIn.link" description="The link to the sign-in page">
            Sign in
          </Translate>
        </Link>
      </p>
    </form>
  );
}
