/** A mailed link that can never be redeemed: the reason, and the next step. */
import type { ReactNode } from 'react';
import Link from '@docusaurus/Link';
import Translate, { translate } from '@docusaurus/Translate';
import AuthAlreadySignedIn from '@theme/AuthAlreadySignedIn';
import AuthMessage from '@theme/AuthMessage';
import type { Props } from '@theme/AuthLinkRefused';
import { useAuthOptions, useSession } from 'docusaurus-plugin-auth-service/client';

export default function AuthLinkRefused({ refusal, canAskAgain = false }: Props): ReactNode {
  const { signInPath, forgotPasswordPath } = useAuthOptions();
  const session = useSession();
  const isUsed = refusal.code === 'LINK_USED';
  // The second click on a link, or another tab, has nothing left to do; a password that was entered is lost.
  if (isUsed && !canAskAgain && session.status === 'signedIn') {
    return (
      <>
        <AuthMessage kind="success" message={alreadyDone()} />
        <AuthAlreadySignedIn user={session.user} />
      </>
    );
  }
  return (
    <>
      <AuthMessage message={isUsed && canAskAgain ? notSaved() : refusal.message} />
      <p className="auth-actions">
        {canAskAgain && (
          <Link className="button button--primary" to={forgotPasswordPath}>
            <Translate
              id="theme.auth.reset.askAgain"
              description="Leads to the page that mails a link"
            >
              Ask for a new link
            </Translate>
          </Link>
        )}
        <Link className="button auth-button" to={signInPath}>
          <Translate id="theme.auth.signIn.link" description="The link to the sign-in page">
            Sign in
          </Translate>
        </Link>
      </p>
    </>
  );
}

const alreadyDone = () =>
  translate({
    id: 'theme.auth.confirm.alreadyDone',
    message: 'This link was already used: there is nothing left to do.',
    description: 'If a mailed link is opened a second time while signed in',
  });

const notSaved = () =>
  translate({
    id: 'theme.auth.reset.linkUsed',
    message:
      'This link was already used. Sign in with the password that you chose then, or ask for a new link: the one that you entered now was not saved.',
    description: 'If the form that replaces a forgotten password is sent with a used link',
  });
