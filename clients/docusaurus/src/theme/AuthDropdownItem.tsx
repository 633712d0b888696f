/** The navbar item among the items of a dropdown: the way in, or the account and the way out. */
import type { ReactNode } from 'react';
import AuthNavbarItem from '@theme/AuthNavbarItem';
import type { Props } from '@theme/AuthDropdownItem';

export default function AuthDropdownItem(props: Props): ReactNode {
  return <AuthNavbarItem {...props} isDropdownItem />;
}
