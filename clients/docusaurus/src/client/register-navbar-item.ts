/**
 * Registers `{ type: 'custom-authNavbarItem' }` with the navbar. It is added to the table that is in effect: a theme
 * component `NavbarItem/ComponentTypes` would replace another plugin's, or the site's own.
 */
import AuthNavbarItem from '@theme/AuthNavbarItem';
import ComponentTypes from '@theme/NavbarItem/ComponentTypes';

ComponentTypes['custom-authNavbarItem'] ??= AuthNavbarItem;
