/** Sign in, and go back to the page that asked for it. */
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

export default function AuthSignInPage(): ReactNode {
  const session = useSession();
  const { accountPath } = useAuthOptions();
  return (
    <AuthPage title="Sign in" description="Sign in with your e-mail address and password.">
      {session.status === 'signedIn' ? (
        <p>
          You are signed in as {session.user.name}. <Link to={accountPath}>Your account</Link>
        </p>
      ) : (
        <SignInForm />
      )}
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
  const { isBusy, failure, onSubmit } = useForm(
    (field) => auth.signIn({ email: field('email'), password: field('password') }),
    // In place of the form, so that "back" does not lead to it.
    () => history.replace(returnPath),
  );
  return (
    <form method="post" className="auth-form" onSubmit={onSubmit}>
      <AuthField label="E-mail address" name="email" type="email" autoComplete="username" />
      <AuthField label="Password" name="password" type="password" autoComplete="current-password" />
      <AuthMessage message={failure} />
      <AuthSubmit isBusy={isBusy}>{isBusy ? 'Signing in…' : 'Sign in'}</AuthSubmit>
      <p>
        No account yet? <Link to={signUpPath + remembered}>Sign up</Link>
      </p>
    </form>
  );
}
