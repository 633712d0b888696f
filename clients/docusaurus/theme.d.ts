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
    readonly message: ReactNode | undefined;
    readonly kind?: 'failure' | 'success';
    /** Below the sentence, and shown with it: what can be done. */
    readonly children?: ReactNode;
  }
  export default function AuthMessage(props: Props): ReactNode;
}

declare module '@theme/AuthField' {
  import type { InputHTMLAttributes, ReactNode } from 'react';

  export interface Props extends InputHTMLAttributes<HTMLInputElement> {
    readonly label: string;
    readonly name: string;
    /** What the field expects, told before anything is typed. */
    readonly hint?: ReactNode;
    /** What is wrong with what was typed. */
    readonly error?: string | undefined;
    /** Of a password: names the button that shows it. "Show password" by default. */
    readonly showLabel?: string;
  }
  export default function AuthField(props: Props): ReactNode;
}

declare module '@theme/AuthPage' {
  import type { ReactNode } from 'react';

  export interface Props {
    /** Which of the three pages it is; handed to `AuthHeader` and `AuthFooter`. */
    readonly page?: 'signIn' | 'signUp' | 'account' | undefined;
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
    /** Whether the service wants to be left alone for a while. */
    readonly isWaiting?: boolean;
    /** `danger` for what cannot be taken back. */
    readonly kind?: 'primary' | 'danger';
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
    /** Among the items of a dropdown. */
    readonly isDropdownItem?: boolean;
    readonly className?: string;
    readonly onClick?: () => void;
  }
  export default function AuthNavbarItem(props: Props): ReactNode;
}

declare module '@theme/AuthHeader' {
  import type { ReactNode } from 'react';

  export interface Props {
    /** Which of the three pages it is on. */
    readonly page?: 'signIn' | 'signUp' | 'account' | undefined;
  }
  export default function AuthHeader(props: Props): ReactNode;
}

declare module '@theme/AuthFooter' {
  import type { ReactNode } from 'react';

  export interface Props {
    /** Which of the three pages it is on. */
    readonly page?: 'signIn' | 'signUp' | 'account' | undefined;
  }
  export default function AuthFooter(props: Props): ReactNode;
}

declare module '@theme/AuthAlreadySignedIn' {
  import type { ReactNode } from 'react';
  import type { User } from 'docusaurus-plugin-auth-service/client';

  export interface Props {
    readonly user: User;
  }
  export default function AuthAlreadySignedIn(props: Props): ReactNode;
}

declare module '@theme/AuthFailure' {
  import type { ReactNode } from 'react';
  import type { Refusal } from 'docusaurus-plugin-auth-service/client';

  export interface Props {
    /** Nothing is shown without it. */
    readonly refusal: Refusal | undefined;
    /** How long the service still wants to be left alone. Without it nothing is counted down. */
    readonly secondsLeft?: number;
    /** Where asking again changes something and no form has a button for it. */
    readonly onRetry?: () => void;
  }
  export default function AuthFailure(props: Props): ReactNode;
}

declare module '@theme/AuthSignInAgain' {
  import type { ReactNode } from 'react';

  export default function AuthSignInAgain(): ReactNode;
}

declare module '@theme/AuthPasswordHint' {
  import type { ReactNode } from 'react';

  export default function AuthPasswordHint(): ReactNode;
}

declare module '@theme/AuthPasswordToggle' {
  import type { ReactNode, RefObject } from 'react';

  export interface Props {
    readonly input: RefObject<HTMLInputElement | null>;
    readonly inputId: string;
    /** "Show password" by default. */
    readonly label?: string | undefined;
  }
  export default function AuthPasswordToggle(props: Props): ReactNode;
}

declare module '@theme/AuthDialog' {
  import type { ReactNode } from 'react';

  export interface Props {
    readonly title: ReactNode;
    /** What follows if the visitor agrees. */
    readonly description: ReactNode;
    /** Cancel was pressed, or Escape: the dialog is to be taken away. */
    readonly onClose: () => void;
    readonly children: ReactNode;
  }
  export default function AuthDialog(props: Props): ReactNode;
}

declare module '@theme/AuthNameForm' {
  import type { ReactNode } from 'react';

  export interface Props {
    /** As it is now. */
    readonly name: string;
  }
  export default function AuthNameForm(props: Props): ReactNode;
}

declare module '@theme/AuthDeleteAccount' {
  import type { ReactNode } from 'react';

  export interface Props {
    readonly email: string;
    /** The account is gone, and nobody is signed in. */
    readonly onDeleted: () => void;
  }
  export default function AuthDeleteAccount(props: Props): ReactNode;
}

declare module '@theme/AuthSignOut' {
  import type { ReactNode } from 'react';

  export interface Props {
    readonly onSignedOut: () => void;
    /** Of the button; Infima's button where not given. */
    readonly className?: string;
  }
  export default function AuthSignOut(props: Props): ReactNode;
}

declare module '@theme/AuthSignOutEverywhere' {
  import type { ReactNode } from 'react';

  export interface Props {
    readonly onSignedOut: () => void;
  }
  export default function AuthSignOutEverywhere(props: Props): ReactNode;
}

declare module '@theme/AuthSessionLine' {
  import type { ReactNode } from 'react';
  import type { Session } from 'docusaurus-plugin-auth-service/client';

  export interface Props {
    readonly session: Session;
    /** Whether it is this browser's. */
    readonly isCurrent: boolean;
    /** Whether none of the others was used later. */
    readonly isLastUsed: boolean;
    readonly onRevoke: (session: Session) => Promise<void>;
  }
  export default function AuthSessionLine(props: Props): ReactNode;
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
