/** Make an account, and be signed in with it. */
import type { ReactNode } from 'react';
import Link from '@docusaurus/Link';
import { useHistory, useLocation } from '@docusaurus/router';
import useIsBrowser from '@docusaurus/useIsBrowser';
import AuthField from '@theme/AuthField';
import AuthMessage from '@theme/AuthMessage';
import AuthPage from '@theme/AuthPage';
import AuthSubmit from '@theme/AuthSubmit';
import {
  useAuth,
  useAuthOptions,
  useForm,
  useReturnPath,
  useSession,
} from 'docusaurus-plugin-auth-service/client';

export default function AuthSignUpPage(): ReactNode {
  const session = useSession();
  const { accountPath } = useAuthOptions();
  return (
    <AuthPage title="Sign up" description="Make an account with your e-mail address.">
      {session.status === 'signedIn' ? (
        <p>
          You are signed in as {session.user.name}. <Link to={accountPath}>Your account</Link>
        </p>
      ) : (
        <SignUpForm />
      )}
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
  const { isBusy, failure, onSubmit } = useForm(
    (field) =>
      auth.signUp({
        name: field('name'),
        email: field('email'),
        password: field('password'),
      }),
    // In place of the form, so that "back" does not lead to it.
    () => history.replace(returnPath),
  );
  return (
    <form method="post" className="auth-form" onSubmit={onSubmit}>
      <AuthField label="Name" name="name" autoComplete="name" />
      <AuthField label="E-mail address" name="email" type="email" autoComplete="username" />
      <AuthField
        label="Password"
        name="password"
        type="password"
        autoComplete="new-password"
        hint="A few unrelated words make a good one."
      />
      <AuthMessage message={failure} />
      <AuthSubmit isBusy={isBusy}>{isBusy ? 'Making the account…' : 'Sign up'}</AuthSubmit>
      <p>
        Already here before? <Link to={signInPath + remembered}>Sign in</Link>
      </p>
    </form>
  );
}
