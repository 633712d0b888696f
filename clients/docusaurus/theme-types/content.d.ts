/** The props of components for MDX and React pages. */

declare module '@theme/SignedIn' {
  import type { ReactNode } from 'react';

  export interface Props {
    /** Hidden from other visitors, not protected: the text is part of the public page. */
    readonly children: ReactNode;
    /** Shown until the session is known, to reserve the space. */
    readonly pending?: ReactNode;
  }
  export default function SignedIn(props: Props): ReactNode;
}

declare module '@theme/SignedOut' {
  import type { ReactNode } from 'react';

  export interface Props {
    readonly children: ReactNode;
    /** Shown until the session is known, to reserve the space. */
    readonly pending?: ReactNode;
  }
  export default function SignedOut(props: Props): ReactNode;
}

declare module '@theme/AuthStatus' {
  import type { ReactNode } from 'react';

  export default function AuthStatus(): ReactNode;
}

declare module '@theme/SignInLink' {
  import type { ReactNode } from 'react';

  export interface Props {
    /** "Sign in" by default. */
    readonly children?: ReactNode;
    /** Of the link, such as `button button--primary`. */
    readonly className?: string;
  }
  export default function SignInLink(props: Props): ReactNode;
}
