/**
 * Who is signed in, in the navbar, in the menu of narrow screens and among the items of a dropdown. Its box in the navbar
 * has one width whatever is in it, so that nothing beside it moves.
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
  const way = useRef<HTMLDivElement & HTMLLIElement>(null);
  const [isSignedOut, setSignedOut] = useState(false);
  const isLeaving = isSignedOut && state.status === 'signedOut';
  useEffect(() => {
    if (state.status === 'signedIn') setSignedOut(false);
  }, [state.status]);
  // The button that was pressed is gone: the way in stands in its place.
  useEffect(() => {
    if (isLeaving) way.current?.querySelector('a')?.focus();
  }, [isLeaving]);

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
        {isLeaving &&
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
      <li ref={way} className="menu__list-item">
        {content}
      </li>
    );
  if (isDropdownItem) return <li ref={way}>{content}</li>;
  return (
    <div ref={way} className="navbar__item auth-navbar-item">
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
  // An entry of a dropdown takes no room while that is closed: there the way in is a link from the first frame on.
  if (state.status === 'loading' && !isDropdownItem) {
    // Readers without JavaScript find the page, and there the sentence that it needs some.
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
          description="In the navbar, where the service cannot be asked"
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
