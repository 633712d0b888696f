/** For an action that requires a recent sign-in: signs out, and returns here after the next sign-in. */
import { useState, type ReactNode } from 'react';
import Translate from '@docusaurus/Translate';
import { useHistory, useLocation } from '@docusaurus/router';
import { useAuth, useAuthOptions, withReturnPath } from 'docusaurus-plugin-auth-service/client';

export default function AuthSignInAgain(): ReactNode {
  const auth = useAuth();
  const { signInPath } = useAuthOptions();
  const { pathname } = useLocation();
  const history = useHistory();
  const [failure, setFailure] = useState<string>();

  async function signInAgain(): Promise<void> {
    const outcome = await auth.signOut();
    if (outcome.ok) history.push(withReturnPath(signInPath, pathname));
    else setFailure(outcome.message);
  }

  return (
    <>
      <button type="button" className="button auth-button" onClick={signInAgain}>
        <Translate
          id="theme.auth.signInAgain"
          description="The button that signs out and leads to the sign-in page"
        >
          Sign in again
        </Translate>
      </button>
      <p role="alert">{failure}</p>
    </>
  );
}
