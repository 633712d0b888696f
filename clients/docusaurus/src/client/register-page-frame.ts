/**
 * Puts the frame around every page of the site, on the server too. Done in the site's table of routes, which is in
 * force whoever made the pages: `@theme/Root` would be lost to a `Root` of the site's own.
 */
import routes from '@generated/routes';
import { framed, type Page } from './page-frame.jsx';

for (const route of routes as unknown as { path: string; component: Page }[]) {
  // Of the page for addresses without one there is one HTML file, which cannot agree with what each address would show.
  if (route.path !== '*') route.component = framed(route.component);
}
