/**
 * The user menu or a link to the sign-in page: in the navbar, in the mobile sidebar and in a navbar dropdown. In the
 * navbar its width is fixed, so that the items next to it do not move.
 */
import { useEffect, useRef, useState, type ReactNode } from 'react';
import Link from '@docusaurus/Link';
import Translate, { translate } from '@docusaurus/Translate';
import AuthUserLinks from '@theme/AuthUserLinks';
import AuthUserMenu from '@theme/AuthUserMenu';
import type { Props } from '@theme/AuthNavbarItem';
import { useAuthOptions, useSession, useSignInPath } from 'docusaurus-plugin-auth-service/client';

export default function AuthNavbarItem(props: Props): ReactNode {
  const { mobile = false, isDropdownItem = false, onClick } = props;
  const state = useSession();
  const container = useRef<HTMLDivElement & HTMLLIElement>(null);
  const [isSignedOut, setSignedOut] = useState(false);
  const hasJustSignedOut = isSignedOut && state.status === 'signedOut';
  useEffect(() => {
    if (state.status === 'signedIn') setSignedOut(false);
  }, [state.status]);
  // The button that had the focus is gone, and the sign-in link has replaced it.
  useEffect(() => {
    if (hasJustSignedOut) container.current?.querySelector('a')?.focus();
  }, [hasJustSignedOut]);

  const isList = mobile || isDropdownItem;
  const linkClass = mobile ? 'menu__link' : isDropdownItem ? 'dropdown__link' : 'navbar__link';
  if (state.status === 'signedIn' && isList) {
    return (
      <AuthUserLinks
        user={state.user}
        itemClass={mobile ? 'menu__list-item' : undefined}
        linkClass={linkClass}
        onClick={onClick}
        onSignedOut={() => setSignedOut(true)}
      />
    );
  }
  const content = (
    <>
      {state.status === 'signedIn' ? (
        <AuthUserMenu user={state.user} onSignedOut={() => setSignedOut(true)} />
      ) : (
        <SignInEntry
          className={isDropdownItem ? linkClass : `${linkClass} auth-navbar-link`}
          isDropdownItem={isDropdownItem}
          onClick={onClick}
        />
      )}
      <span role="status" className="auth-announced">
        {hasJustSignedOut &&
          translate({
            id: 'theme.auth.account.farewell',
            message: 'You are signed out.',
            description: 'After signing out',
          })}
      </span>
    </>
  );
  if (mobile)
    return (
      <li ref={container} className="menu__list-item">
        {content}
      </li>
    );
  if (isDropdownItem) return <li ref={container}>{content}</li>;
  return (
    <div ref={container} className="navbar__item auth-navbar-item">
      {content}
    </div>
  );
}

interface SignInEntryProps {
  readonly className: string;
  readonly isDropdownItem: boolean;
  readonly onClick: (() => void) | undefined;
}

function SignInEntry({ className, isDropdownItem, onClick }: SignInEntryProps): ReactNode {
  const state = useSession();
  const { signInPath } = useAuthOptions();
  const signInHere = useSignInPath();
  const link = { className, ...(onClick && { onClick }) };
  // In a closed dropdown nothing can shift, so the link is rendered from the first frame on.
  if (state.status === 'loading' && !isDropdownItem) {
    // Without JavaScript, the link leads to the page that says that signing in requires it.
    return (
      <noscript>
        <a className={className} href={signInPath}>
          <SignIn />
        </a>
      </noscript>
    );
  }
  if (state.status === 'unknown') {
    return (
      <Link {...link} to={signInPath} title={state.problem}>
        <Translate
          id="theme.auth.navbar.problem"
          description="In the navbar, if the session is unknown"
        >
          Sign-in problem
        </Translate>
      </Link>
    );
  }
  return (
    <Link {...link} to={signInHere}>
      <SignIn />
    </Link>
  );
}

function SignIn(): ReactNode {
  return (
    <Translate id="theme.auth.signIn.link" description="The link to the sign-in page">
      Sign in
    </Translate>
  );
}
