/** The navbar item where it stands in a dropdown: one link, to the account or to the sign-in page. */
import type { ReactNode } from 'react';
import Link from '@docusaurus/Link';
import { translate } from '@docusaurus/Translate';
import type { Props } from '@theme/AuthDropdownItem';
import {
  useAuthOptions,
  useSession,
  useSignInPath,
  type SessionState,
} from 'docusaurus-plugin-auth-service/client';

export default function AuthDropdownItem({ mobile = false, onClick }: Props): ReactNode {
  const state = useSession();
  const { accountPath } = useAuthOptions();
  const signInPath = useSignInPath();
  const link = {
    className: mobile ? 'menu__link' : 'dropdown__link',
    to: state.status === 'signedIn' ? accountPath : signInPath,
    ...(onClick && { onClick }),
    ...('problem' in state && { title: state.problem }),
  };
  return (
    <li className={mobile ? 'menu__list-item' : undefined}>
      <Link {...link}>{label(state)}</Link>
    </li>
  );
}

/** While it is not known yet, the way in: readers without JavaScript have no other. */
function label(state: SessionState): string {
  if (state.status === 'signedIn') return state.user.name || state.user.email;
  return state.status === 'unknown'
    ? translate({ id: 'theme.auth.dropdown.problem', message: 'Sign-in problem' })
    : translate({ id: 'theme.auth.dropdown.signIn', message: 'Sign in' });
}
