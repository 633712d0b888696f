/** The items of the user menu: name and e-mail address, a link to the account, and the sign-out button. */
import type { ReactNode } from 'react';
import Link from '@docusaurus/Link';
import Translate from '@docusaurus/Translate';
import AuthSignOut from '@theme/AuthSignOut';
import type { Props } from '@theme/AuthUserLinks';
import { useAuthOptions } from 'docusaurus-plugin-auth-service/client';

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
        <AuthSignOut className={`${linkClass} auth-user-link`} onSignedOut={onSignedOut} />
      </li>
    </>
  );
}
