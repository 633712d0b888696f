/** The props of the navbar item and its menu. */

declare module '@theme/AuthNavbarItem' {
  import type { ReactNode } from 'react';

  export interface Props {
    /** In the menu of narrow screens. */
    readonly mobile?: boolean;
    /** Among the items of a dropdown. */
    readonly isDropdownItem?: boolean;
    readonly className?: string;
    readonly onClick?: () => void;
  }
  export default function AuthNavbarItem(props: Props): ReactNode;
}

declare module '@theme/AuthUserMenu' {
  import type { ReactNode } from 'react';
  import type { User } from 'docusaurus-plugin-auth-service/client';

  export interface Props {
    readonly user: User;
    readonly onSignedOut: () => void;
  }
  export default function AuthUserMenu(props: Props): ReactNode;
}

declare module '@theme/AuthUserLinks' {
  import type { ReactNode } from 'react';
  import type { User } from 'docusaurus-plugin-auth-service/client';

  export interface Props {
    readonly user: User;
    readonly itemClass?: string | undefined;
    readonly linkClass: string;
    readonly onClick?: (() => void) | undefined;
    readonly onSignedOut: () => void;
  }
  export default function AuthUserLinks(props: Props): ReactNode;
}
