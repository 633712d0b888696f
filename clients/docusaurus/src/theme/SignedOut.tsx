/** Shows its children to visitors who are signed out. While the session is unknown, it shows nothing. */
import type { ReactNode } from 'react';
import type { Props } from '@theme/SignedOut';
import { useHideHeadings, useSession } from 'docusaurus-plugin-auth-service/client';

export default function SignedOut({ children, pending = null }: Props): ReactNode {
  const { status } = useSession();
  useHideHeadings(children, status !== 'signedOut');
  if (status === 'signedOut') return children;
  return status === 'loading' ? pending : null;
}
