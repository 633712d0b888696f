/**
 * Wraps every page of the site, on the server too. It changes the site's table of routes, which holds the pages of all
 * plugins: a `@theme/Root` would be replaced by the site's own.
 */
import routes from '@generated/routes';
import { withPageFrame, type Page } from './page-frame.jsx';

for (const route of routes as unknown as { path: string; component: Page }[]) {
  // The 404 page has one HTML file for all paths, so it could not match what hydration renders for a given path.
  if (route.path !== '*') route.component = withPageFrame(route.component);
}
