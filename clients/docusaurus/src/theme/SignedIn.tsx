/** Shows its children to signed-in readers. They are hidden, not protected: the public page contains them. */
import type { ReactNode } from 'react';
import type { Props } from '@theme/SignedIn';
import { useHideHeadings, useSession } from 'docusaurus-plugin-auth-service/client';

export default function SignedIn({ children, pending = null }: Props): ReactNode {
  const { status } = useSession();
  useHideHeadings(children, status !== 'signedIn');
  if (status === 'signedIn') return children;
  return status === 'loading' ? pending : null;
}
