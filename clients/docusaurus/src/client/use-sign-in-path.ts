/** The way to the sign-in page and back, for whatever page the visitor is on. */
import { useLocation } from '@docusaurus/router';
import useDocusaurusContext from '@docusaurus/useDocusaurusContext';
import useIsBrowser from '@docusaurus/useIsBrowser';
import { useAuthOptions } from './hooks.js';
import { hasReturnPath, readReturnPath, withReturnPath, type SiteBases } from './return-path.js';

/**
 * The sign-in page's address; after signing in the visitor is back on this page, at the same query and hash. On the
 * sign-in and sign-up pages the page to go back to stays the one they were asked from.
 */
export function useSignInPath(): string {
  const { signInPath } = useAuthOptions();
  const { pathname, search, hash } = useLocation();
  const isAuthPage = useIsAuthPage();
  // Query and hash are not known while the site is built, and the first render has to agree with what was built.
  const isBrowser = useIsBrowser();
  if (!isBrowser) return signInPath;
  if (isAuthPage) return hasReturnPath(search) ? signInPath + search : signInPath;
  return withReturnPath(signInPath, `${pathname}${search}${hash}`);
}

/** Where to go after signing in: the page that the sign-in page was asked from, or `afterSignInPath`. */
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

/** Where this build of the site lies. */
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
