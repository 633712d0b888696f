/** What whoever is signed in finds behind his name: who that is, the account, and the way out. Items of a list. */
import type { ReactNode } from 'react';
import Link from '@docusaurus/Link';
import Translate from '@docusaurus/Translate';
import AuthFailure from '@theme/AuthFailure';
import type { Props } from '@theme/AuthUserLinks';
import { useAuth, useAuthOptions, useForm } from 'docusaurus-plugin-auth-service/client';

export default function AuthUserLinks(props: Props): ReactNode {
  const { user, itemClass, linkClass, onClick, onSignedOut } = props;
  const { accountPath } = useAuthOptions();
  return (
    <>
      <li className={`${itemClass ?? ''} auth-user`}>
        <strong>
          <bdi>{user.name}</bdi>
        </strong>
        <small className="auth-muted">
          <bdi>{user.email}</bdi>
        </small>
      </li>
      <li className={itemClass}>
        <Link
          className={`${linkClass} auth-user-link`}
          to={accountPath}
          {...(onClick && { onClick })}
        >
          <Translate id="theme.auth.account.link" description="Leads to the account page">
            Your account
          </Translate>
        </Link>
      </li>
      <li className={itemClass}>
        <SignOut className={`${linkClass} auth-user-link`} onSignedOut={onSignedOut} />
      </li>
    </>
  );
}

interface SignOutProps {
  readonly className: string;
  readonly onSignedOut: () => void;
}

function SignOut({ className, onSignedOut }: SignOutProps): ReactNode {
  const auth = useAuth();
  const { isBusy, refusal, secondsLeft, onSubmit } = useForm(auth.signOut, onSignedOut);
  return (
    <form method="post" onSubmit={onSubmit}>
      <button
        type="submit"
        className={className}
        aria-busy={isBusy}
        aria-disabled={isBusy || secondsLeft > 0}
      >
        {isBusy ? (
          <Translate
            id="theme.auth.signOut.busy"
            description="A button while the answer is awaited"
          >
            Signing out…
          </Translate>
        ) : (
          <Translate
            id="theme.auth.signOut.submit"
            description="The button that signs out this browser"
          >
            Sign out
          </Translate>
        )}
      </button>
      <AuthFailure {...{ refusal, secondsLeft }} />
    </form>
  );
}
