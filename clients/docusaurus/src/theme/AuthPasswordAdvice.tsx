/** The advice to change a password that is known from a data breach, at the bottom of the page. It can be dismissed. */
import type { ReactNode } from 'react';
import Link from '@docusaurus/Link';
import Translate from '@docusaurus/Translate';
import AuthNoticeBar from '@theme/AuthNoticeBar';
import type { Props } from '@theme/AuthPasswordAdvice';
import { useAuthOptions } from 'docusaurus-plugin-auth-service/client';

export default function AuthPasswordAdvice({ onClose }: Props): ReactNode {
  const { accountPath } = useAuthOptions();
  return (
    <AuthNoticeBar kind="warning" onClose={onClose}>
      <Translate
        id="theme.auth.breached.advice"
        description="At the bottom of the page, after a sign-in with a password that is known from a data breach"
      >
        Your password is known from a data breach at another site, so others may try it here.
      </Translate>{' '}
      <Link to={`${accountPath}#change-password`}>
        <Translate
          id="theme.auth.breached.link"
          description="The link to the form that changes the password"
        >
          Change your password
        </Translate>
      </Link>
    </AuthNoticeBar>
  );
}
