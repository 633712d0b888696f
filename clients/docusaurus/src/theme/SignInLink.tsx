/** A link to the sign-in page, from which the visitor returns to this page, at the same query and hash. */
import type { ReactNode } from 'react';
import Link from '@docusaurus/Link';
import Translate from '@docusaurus/Translate';
import type { Props } from '@theme/SignInLink';
import { useSignInPath } from 'docusaurus-plugin-auth-service/client';

export default function SignInLink({ children, ...rest }: Props): ReactNode {
  return (
    <Link {...rest} to={useSignInPath()}>
      {children ?? (
        <Translate
          id="theme.auth.signInLink"
          description="The link to the sign-in page within a text"
        >
          Sign in
        </Translate>
      )}
    </Link>
  );
}
