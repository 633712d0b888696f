/**
 * Makes `{ type: 'custom-authNavbarItem' }` known to the navbar. Added to the table that is in force, whoever made
 * it: a theme component of the same name would take the place of another plugin's, or of the site's own.
 */
import type { ComponentProps, ReactNode } from 'react';
import AuthDropdownItem from '@theme/AuthDropdownItem';
import AuthNavbarItem from '@theme/AuthNavbarItem';
import ComponentTypes from '@theme/NavbarItem/ComponentTypes';

interface Props extends ComponentProps<typeof AuthNavbarItem> {
  /** Set by the theme for the entries of a dropdown, which are items of a list. */
  readonly isDropdownItem?: boolean;
}

function NavbarItem({ isDropdownItem = false, ...props }: Props): ReactNode {
  return isDropdownItem ? <AuthDropdownItem {...props} /> : <AuthNavbarItem {...props} />;
}

ComponentTypes['custom-authNavbarItem'] ??= NavbarItem;
