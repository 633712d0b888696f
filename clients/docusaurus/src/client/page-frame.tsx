/** What applies to whole pages: who may see them, `noindex`, and the redirect after a sign-in. */
import { useEffect, type ComponentType, type ReactNode } from 'react';
import Head from '@docusaurus/Head';
import { useHistory, useLocation } from '@docusaurus/router';
import AuthRequired from '@theme/AuthRequired';
import { isProtectedPath } from '../protected-paths.js';
import BearerNotice from './bearer-notice-bar.jsx';
import { useAuthOptions, useSession } from './hooks.js';
import PasswordAdviceHost from './password-advice-host.jsx';
import { hasReturnPath } from './return-path.js';
import StepUpHost from './step-up/step-up-host.jsx';
import {
  useIsAuthPage,
  useIsMailPage,
  useReturnPath,
  useSignInPath,
  useSiteBases,
} from './use-sign-in-path.js';

/** Docusaurus prefetches a page's script with the static `preload` of its component. */
export type Page = ComponentType<object> & { readonly preload?: () => unknown };

export function withPageFrame(Page: Page): Page {
  function PageWithFrame(props: object): ReactNode {
    return (
      <PageFrame>
        <Page {...props} />
      </PageFrame>
    );
  }
  return Object.assign(PageWithFrame, Page.preload && { preload: () => Page.preload?.() });
}

function PageFrame({ children }: { readonly children: ReactNode }): ReactNode {
  const { pathname } = useLocation();
  const { protectedPaths = [], accountPath } = useAuthOptions();
  const { baseUrl } = useSiteBases();
  const isAuthPage = useIsAuthPage();
  const isMailPage = useIsMailPage();
  const isAccountPage = pathname.replace(/\/$/, '') === accountPath.replace(/\/$/, '');
  const isOwnPage = isAuthPage || isMailPage || isAccountPage;
  return (
    <>
      {isOwnPage && <NoIndex />}
      {isAuthPage && <RedirectBack />}
      {isProtectedPath(pathname, protectedPaths, baseUrl) ? <Guard>{children}</Guard> : children}
      {/* The plugin's own pages show the notice themselves. */}
      {!isOwnPage && <BearerNotice />}
      <PasswordAdviceHost />
      <StepUpHost />
    </>
  );
}

/** Renders the page only once the visitor is known to be signed in: never before, and not into the built HTML. */
function Guard({ children }: { readonly children: ReactNode }): ReactNode {
  const state = useSession();
  const history = useHistory();
  const signInPath = useSignInPath();
  // An outage causes no redirect.
  const isSignedOut = state.status === 'signedOut' && state.problem === undefined;
  useEffect(() => {
    // `replace`, so that the Back button does not return here and redirect again.
    if (isSignedOut) history.replace(signInPath);
  }, [isSignedOut, history, signInPath]);
  if (state.status === 'signedIn') return children;
  return (
    <>
      <NoIndex />
      <AuthRequired problem={'problem' in state ? state.problem : undefined} />
    </>
  );
}

/** Returns a visitor who is already signed in to the page that linked to the sign-in page. */
function RedirectBack(): ReactNode {
  const { status } = useSession();
  const { search } = useLocation();
  const history = useHistory();
  const isRedirecting = status === 'signedIn' && hasReturnPath(search);
  const target = useReturnPath();
  useEffect(() => {
    if (isRedirecting) history.replace(target);
  }, [isRedirecting, history, target]);
  return null;
}

function NoIndex(): ReactNode {
  return (
    <Head>
      <meta name="robots" content="noindex" />
    </Head>
  );
}
