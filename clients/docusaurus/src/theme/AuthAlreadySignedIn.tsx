/** Replaces the form of the sign-in and sign-up pages while signed in: the user's name, and a link to continue. */
import type { ReactNode } from 'react';
import Link from '@docusaurus/Link';
import Translate from '@docusaurus/Translate';
import type { Props } from '@theme/AuthAlreadySignedIn';
import { useAuthOptions, useReturnPath } from 'docusaurus-plugin-auth-service/client';

export default function AuthAlreadySignedIn({ user }: Props): ReactNode {
  const { accountPath } = useAuthOptions();
  const returnPath = useReturnPath();
  return (
    <>
      <p className="auth-person">
        <Translate
          id="theme.auth.alreadySignedIn"
          description="On the sign-in page while signed in"
          values={{ name: user.name || user.email }}
        >
          {'You are signed in as {name}.'}
        </Translate>
      </p>
      <p className="auth-actions">
        <Link className="button button--primary" to={returnPath}>
          <Translate
            id="theme.auth.continue"
            description="Leads to the page that linked to the sign-in page"
          >
            Continue
          </Translate>
        </Link>
        <Link className="button auth-button" to={accountPath}>
          <Translate id="theme.auth.account.link" description="Leads to the account page">
            Your account
          </Translate>
        </Link>
      </p>
    </>
  );
}
