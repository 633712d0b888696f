/** The props of the parts of the account page. */

declare module '@theme/AuthNameForm' {
  import type { ReactNode } from 'react';

  export interface Props {
    /** The current name. */
    readonly name: string;
  }
  export default function AuthNameForm(props: Props): ReactNode;
}

declare module '@theme/AuthProfileForm' {
  import type { ReactNode } from 'react';
  import type { Profile } from 'docusaurus-plugin-auth-service/client';

  export interface Props {
    /** The current values. */
    readonly profile: Profile | undefined;
  }
  export default function AuthProfileForm(props: Props): ReactNode;
}

declare module '@theme/AuthPasswordForm' {
  import type { ReactNode } from 'react';

  export interface Props {
    readonly email: string;
    /** Called once the password is changed and the other sessions have ended. */
    readonly onChanged: () => void;
  }
  export default function AuthPasswordForm(props: Props): ReactNode;
}

declare module '@theme/AuthEmailForm' {
  import type { ReactNode } from 'react';

  export interface Props {
    /** The present address. */
    readonly email: string;
  }
  export default function AuthEmailForm(props: Props): ReactNode;
}

declare module '@theme/AuthDeleteAccount' {
  import type { ReactNode } from 'react';

  export interface Props {
    readonly email: string;
    /** Called once the account is deleted and the visitor is signed out. */
    readonly onDeleted: () => void;
  }
  export default function AuthDeleteAccount(props: Props): ReactNode;
}

declare module '@theme/AuthSignOut' {
  import type { ReactNode } from 'react';

  export interface Props {
    readonly onSignedOut: () => void;
    /** Of the button; Infima's button by default. */
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

declare module '@theme/AuthSessionList' {
  import type { ReactNode } from 'react';
  import type { Session } from 'docusaurus-plugin-auth-service/client';

  export interface Props {
    /** The session of this browser. */
    readonly current: Session;
  }
  export default function AuthSessionList(props: Props): ReactNode;
}

declare module '@theme/AuthSessionLine' {
  import type { ReactNode } from 'react';
  import type { Session } from 'docusaurus-plugin-auth-service/client';

  export interface Props {
    readonly session: Session;
    /** Whether it is the session of this browser. */
    readonly isCurrent: boolean;
    /** Whether it is the most recently used of the other sessions. */
    readonly isLastUsed: boolean;
    readonly onRevoke: (session: Session) => Promise<void>;
  }
  export default function AuthSessionLine(props: Props): ReactNode;
}
