/** The path to the sign-in page and back, from any page. */
import { useLocation } from '@docusaurus/router';
import useDocusaurusContext from '@docusaurus/useDocusaurusContext';
import useIsBrowser from '@docusaurus/useIsBrowser';
import { useAuthOptions } from './hooks.js';
import { hasReturnPath, readReturnPath, withReturnPath, type SiteBases } from './return-path.js';

/**
 * The sign-in page's address, from which the visitor returns to this page, at the same query and hash. The sign-in and
 * sign-up pages keep the return path that they were opened with.
 */
export function useSignInPath(): string {
  const { signInPath } = useAuthOptions();
  const { pathname, search, hash } = useLocation();
  const isAuthPage = useIsAuthPage();
  const isMailPage = useIsMailPage();
  // Query and hash are unknown while the site is built, and hydration must render the same as the server.
  const isBrowser = useIsBrowser();
  if (!isBrowser) return signInPath;
  // Nobody wants to return to a page of a mailed link after signing in.
  if (isAuthPage || isMailPage) return hasReturnPath(search) ? signInPath + search : signInPath;
  return withReturnPath(signInPath, `${pathname}${search}${hash}`);
}

/** Where to go after signing in: the page that the visitor came from, or `afterSignInPath`. */
export function useReturnPath(): string {
  const { afterSignInPath } = useAuthOptions();
  const { search } = useLocation();
  return readReturnPath(search, afterSignInPath, useSiteBases());
}

/** Whether this page is the sign-in or the sign-up page. */
export function useIsAuthPage(): boolean {
  const { signInPath, signUpPath } = useAuthOptions();
  const { pathname } = useLocation();
  return [signInPath, signUpPath].some((path) => withoutSlash(path) === withoutSlash(pathname));
}

/** Whether this page asks for a mail or finishes a mailed link. */
export function useIsMailPage(): boolean {
  const { forgotPasswordPath, confirmPath } = useAuthOptions();
  const { pathname } = useLocation();
  return [forgotPasswordPath, confirmPath].some(
    (path) => withoutSlash(path) === withoutSlash(pathname),
  );
}

/** The base URLs of this build of the site. */
export function useSiteBases(): SiteBases {
  const { siteConfig, i18n } = useDocusaurusContext();
  const bases = Object.values(i18n.localeConfigs).map(({ baseUrl }) => baseUrl);
  const { baseUrl, trailingSlash } = siteConfig;
  const otherBaseUrls = bases.filter((other) => other !== baseUrl);
  return { baseUrl, otherBaseUrls, trailingSlash };
}

function withoutSlash(path: string): string {
  return path.replace(/(.)\/$/, '$1');
}
