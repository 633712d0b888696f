/** The props of the pages and their frame. */

declare module '@theme/AuthPage' {
  import type { ReactNode } from 'react';

  export interface Props {
    /** Which page it is; passed to `AuthHeader` and `AuthFooter`. */
    readonly page?: 'signIn' | 'signUp' | 'account' | 'forgotPassword' | 'confirm' | undefined;
    readonly title: string;
    /** The meta description. */
    readonly description: string;
    readonly children: ReactNode;
  }
  export default function AuthPage(props: Props): ReactNode;
}

declare module '@theme/AuthHeader' {
  import type { ReactNode } from 'react';

  export interface Props {
    /** Which page it is on. */
    readonly page?: 'signIn' | 'signUp' | 'account' | 'forgotPassword' | 'confirm' | undefined;
  }
  export default function AuthHeader(props: Props): ReactNode;
}

declare module '@theme/AuthFooter' {
  import type { ReactNode } from 'react';

  export interface Props {
    /** Which page it is on. */
    readonly page?: 'signIn' | 'signUp' | 'account' | 'forgotPassword' | 'confirm' | undefined;
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

declare module '@theme/AuthSwitchLink' {
  import type { ReactNode } from 'react';

  export interface Props {
    /** Text before the link. */
    readonly question: ReactNode;
    /** The path of the other page. */
    readonly to: string;
    /** The text of the link. */
    readonly children: ReactNode;
  }
  export default function AuthSwitchLink(props: Props): ReactNode;
}

declare module '@theme/AuthRequired' {
  import type { ReactNode } from 'react';

  export interface Props {
    /** Why the session is unknown; undefined while the request is pending. */
    readonly problem: string | undefined;
  }
  export default function AuthRequired(props: Props): ReactNode;
}
