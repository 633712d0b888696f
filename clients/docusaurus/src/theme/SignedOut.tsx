/** Shows its children once it is known that nobody is signed in; while the service cannot tell, it shows nothing. */
import type { ReactNode } from 'react';
import type { Props } from '@theme/SignedOut';
import { useHideHeadings, useSession } from 'docusaurus-plugin-auth-service/client';

export default function SignedOut({ children, pending = null }: Props): ReactNode {
  const { status } = useSession();
  useHideHeadings(children, status !== 'signedOut');
  if (status === 'signedOut') return children;
  return status === 'loading' ? pending : null;
}
