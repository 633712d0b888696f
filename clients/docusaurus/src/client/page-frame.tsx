/** What goes for pages as a whole: who may see them, what search engines do with them, and where they lead on. */
import { useEffect, type ComponentType, type ReactNode } from 'react';
import Head from '@docusaurus/Head';
import { useHistory, useLocation } from '@docusaurus/router';
import AuthRequired from '@theme/AuthRequired';
import { isProtectedPath } from '../protected-paths.js';
import BearerNotice from './bearer-notice-bar.jsx';
import { useAuthOptions, useSession } from './hooks.js';
import { hasReturnPath } from './return-path.js';
import { useIsAuthPage, useReturnPath, useSignInPath, useSiteBases } from './use-sign-in-path.js';

/** Docusaurus loads a page's script ahead of showing it, by this function beside the component. */
export type Page = ComponentType<object> & { readonly preload?: () => unknown };

export function framed(Page: Page): Page {
  function FramedPage(props: object): ReactNode {
    return (
      <PageFrame>
        <Page {...props} />
      </PageFrame>
    );
  }
  return Object.assign(FramedPage, Page.preload && { preload: () => Page.preload?.() });
}

function PageFrame({ children }: { readonly children: ReactNode }): ReactNode {
  const { pathname } = useLocation();
  const { protectedPaths = [], accountPath } = useAuthOptions();
  const { baseUrl } = useSiteBases();
  const isAuthPage = useIsAuthPage();
  const isAccountPage = pathname.replace(/\/$/, '') === accountPath.replace(/\/$/, '');
  return (
    <>
      {(isAuthPage || isAccountPage) && <NotForSearchEngines />}
      {isAuthPage && <Return />}
      {isProtectedPath(pathname, protectedPaths, baseUrl) ? <Guard>{children}</Guard> : children}
      {/* The pages of the plugin say it themselves. */}
      {!isAuthPage && !isAccountPage && <BearerNotice />}
    </>
  );
}

/** The text is not there until it is known that somebody is signed in: not for a moment, and not in the built HTML. */
function Guard({ children }: { readonly children: ReactNode }): ReactNode {
  const state = useSession();
  const history = useHistory();
  const signInPath = useSignInPath();
  // While nobody can tell, nobody is sent away.
  const isNobody = state.status === 'signedOut' && state.problem === undefined;
  useEffect(() => {
    // In place of the page, so that "back" does not lead here and away again.
    if (isNobody) history.replace(signInPath);
  }, [isNobody, history, signInPath]);
  if (state.status === 'signedIn') return children;
  return (
    <>
      <NotForSearchEngines />
      <AuthRequired problem={'problem' in state ? state.problem : undefined} />
    </>
  );
}

/** Whoever is signed in and was sent to the sign-in page with a page to go back to, goes back. */
function Return(): ReactNode {
  const { status } = useSession();
  const { search } = useLocation();
  const history = useHistory();
  const isLeaving = status === 'signedIn' && hasReturnPath(search);
  const target = useReturnPath();
  useEffect(() => {
    if (isLeaving) history.replace(target);
  }, [isLeaving, history, target]);
  return null;
}

function NotForSearchEngines(): ReactNode {
  return (
    <Head>
      <meta name="robots" content="noindex" />
    </Head>
  );
}
