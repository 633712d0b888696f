/**
 * Makes `{ type: 'custom-authNavbarItem' }` known to the navbar. Added to the table that is in force, whoever made
 * it: a theme component of the same name would take the place of another plugin's, or of the site's own.
 */
import AuthNavbarItem from '@theme/AuthNavbarItem';
import ComponentTypes from '@theme/NavbarItem/ComponentTypes';

ComponentTypes['custom-authNavbarItem'] ??= AuthNavbarItem;
