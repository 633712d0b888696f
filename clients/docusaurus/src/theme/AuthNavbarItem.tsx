/** Who is signed in, in the navbar. Its box has one width whatever is in it, so that nothing beside it moves. */
import type { ReactNode } from 'react';
import Link from '@docusaurus/Link';
import type { Props } from '@theme/AuthNavbarItem';
import { useAuthOptions, useSession, useSignInPath } from 'docusaurus-plugin-auth-service/client';

export default function AuthNavbarItem({ mobile = false, onClick }: Props): ReactNode {
  const item = <Content className={mobile ? 'menu__link' : 'navbar__link'} onClick={onClick} />;
  if (mobile) return <li className="menu__list-item">{item}</li>;
  return <div className="navbar__item auth-navbar-item">{item}</div>;
}

interface ContentProps {
  readonly className: string;
  readonly onClick: (() => void) | undefined;
}

function Content({ className, onClick }: ContentProps): ReactNode {
  const state = useSession();
  const { signInPath, accountPath } = useAuthOptions();
  const signInHere = useSignInPath();
  const link = { className: `${className} auth-navbar-link`, ...(onClick && { onClick }) };
  switch (state.status) {
    case 'loading':
      // Readers without JavaScript find the page, and there the sentence that it needs some.
      return (
        <noscript>
          <a className={link.className} href={signInPath}>
            Sign in
          </a>
        </noscript>
      );
    case 'signedIn':
      return (
        <Link {...link} to={accountPath} title={`Signed in as ${state.user.email}`}>
          {state.user.name || state.user.email}
        </Link>
      );
    case 'signedOut':
      return (
        <Link {...link} to={signInHere}>
          Sign in
        </Link>
      );
    case 'unknown':
      return (
        <Link {...link} to={signInPath} title={state.problem}>
          Sign-in problem
        </Link>
      );
  }
}
