/** The link from the sign-in page to the sign-up page and back. It keeps the page to return to. */
import type { ReactNode } from 'react';
import Link from '@docusaurus/Link';
import { useLocation } from '@docusaurus/router';
import useIsBrowser from '@docusaurus/useIsBrowser';
import type { Props } from '@theme/AuthSwitchLink';

export default function AuthSwitchLink({ question, to, children }: Props): ReactNode {
  const { search } = useLocation();
  // The query is unknown while the site is built, and hydration must render the same as the server.
  const query = useIsBrowser() ? search : '';
  return (
    <p className="auth-alternative">
      {question} <Link to={to + query}>{children}</Link>
    </p>
  );
}
