/** The link to the page that mails a link to choose a new password; nothing where the service cannot send mail. */
import type { ReactNode } from 'react';
import Link from '@docusaurus/Link';
import { translate } from '@docusaurus/Translate';
import { useAuthOptions, useServiceFeatures } from 'docusaurus-plugin-auth-service/client';

export default function AuthForgotPasswordLink(): ReactNode {
  const { forgotPasswordPath } = useAuthOptions();
  if (!useServiceFeatures()?.passwordReset) return null;
  return (
    <p className="auth-alternative">
      <Link to={forgotPasswordPath}>
        {translate({
          id: 'theme.auth.forgot.link',
          message: 'Forgot your password?',
          description: 'The link from the sign-in page to the page that mails a link',
        })}
      </Link>
    </p>
  );
}
