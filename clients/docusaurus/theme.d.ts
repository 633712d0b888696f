/** Types of the components, for `import … from '@theme/…'`: "types": ["docusaurus-plugin-auth-service/theme"]. */
declare module '@theme/SignedIn' {
  import type { ReactNode } from 'react';

  export interface Props {
    /** The text is part of the public page all the same: it is hidden, not protected. */
    readonly children: ReactNode;
    /** Shown until the service answered, to hold the place. */
    readonly pending?: ReactNode;
  }
  export default function SignedIn(props: Props): ReactNode;
}

declare module '@theme/SignedOut' {
  import type { ReactNode } from 'react';

  export interface Props {
    readonly children: ReactNode;
    /** Shown until the service answered, to hold the place. */
    readonly pending?: ReactNode;
  }
  export default function SignedOut(props: Props): ReactNode;
}

declare module '@theme/AuthStatus' {
  import type { ReactNode } from 'react';

  export default function AuthStatus(): ReactNode;
}

declare module '@theme/AuthMessage' {
  import type { ReactNode } from 'react';

  export interface Props {
    /** Nothing is shown without it. */
    readonly message: string | undefined;
    readonly kind?: 'failure' | 'success';
  }
  export default function AuthMessage(props: Props): ReactNode;
}

declare module '@theme/AuthField' {
  import type { InputHTMLAttributes, ReactNode } from 'react';

  export interface Props extends InputHTMLAttributes<HTMLInputElement> {
    readonly label: string;
    readonly name: string;
    readonly hint?: string;
  }
  export default function AuthField(props: Props): ReactNode;
}

declare module '@theme/AuthPage' {
  import type { ReactNode } from 'react';

  export interface Props {
    readonly title: string;
    /** A sentence for search engines and for readers without JavaScript. */
    readonly description: string;
    readonly children: ReactNode;
  }
  export default function AuthPage(props: Props): ReactNode;
}

declare module '@theme/AuthSubmit' {
  import type { ReactNode } from 'react';

  export interface Props {
    readonly isBusy: boolean;
    readonly children: ReactNode;
  }
  export default function AuthSubmit(props: Props): ReactNode;
}

declare module '@theme/AuthSessionList' {
  import type { ReactNode } from 'react';
  import type { Session } from 'docusaurus-plugin-auth-service/client';

  export interface Props {
    /** The session of this browser. */
    readonly current: Session;
  }
  export default function AuthSessionList(props: Props): ReactNode;
}

declare module '@theme/AuthPasswordForm' {
  import type { ReactNode } from 'react';

  export interface Props {
    readonly email: string;
    /** The other sessions have ended. */
    readonly onChanged: () => void;
  }
  export default function AuthPasswordForm(props: Props): ReactNode;
}

declare module '@theme/AuthNavbarItem' {
  import type { ReactNode } from 'react';

  export interface Props {
    /** In the menu of narrow screens. */
    readonly mobile?: boolean;
    readonly className?: string;
    readonly onClick?: () => void;
  }
  export default function AuthNavbarItem(props: Props): ReactNode;
}

declare module '@theme/AuthRequired' {
  import type { ReactNode } from 'react';

  export interface Props {
    /** Why nobody can tell whether somebody is signed in; undefined while the service is asked. */
    readonly problem: string | undefined;
  }
  export default function AuthRequired(props: Props): ReactNode;
}

declare module '@theme/SignInLink' {
  import type { ReactNode } from 'react';

  export interface Props {
    /** "Sign in" without it. */
    readonly children?: ReactNode;
    /** Of the link, as for every other: `button button--primary`. */
    readonly className?: string;
  }
  export default function SignInLink(props: Props): ReactNode;
}

declare module '@theme/AuthDropdownItem' {
  import type { ReactNode } from 'react';

  export interface Props {
    /** In the menu of narrow screens. */
    readonly mobile?: boolean;
    readonly onClick?: () => void;
  }
  export default function AuthDropdownItem(props: Props): ReactNode;
}
