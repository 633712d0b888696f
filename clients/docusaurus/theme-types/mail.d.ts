/** The props of the components for mailed links. */

declare module '@theme/AuthCheckMail' {
  import type { ReactNode } from 'react';

  export interface Props {
    /** What was sent and what happens next. */
    readonly message: ReactNode;
    /** The address that the visitor entered. */
    readonly email: string;
    /** Sends the confirmation mail again; no button without it. */
    readonly canResend?: boolean;
    /** Below: what else the visitor can do. */
    readonly children?: ReactNode;
  }
  export default function AuthCheckMail(props: Props): ReactNode;
}

declare module '@theme/AuthForgotPasswordLink' {
  import type { ReactNode } from 'react';

  export default function AuthForgotPasswordLink(): ReactNode;
}

declare module '@theme/AuthResendMail' {
  import type { ReactNode } from 'react';

  export interface Props {
    /** The address to confirm. */
    readonly email: string;
  }
  export default function AuthResendMail(props: Props): ReactNode;
}

declare module '@theme/AuthConfirmEmail' {
  import type { ReactNode } from 'react';
  import type { Redeemed } from 'docusaurus-plugin-auth-service/client';

  export interface Props {
    /** From the mailed link. */
    readonly token: string;
    readonly onRedeemed: (redeemed: Redeemed) => void;
  }
  export default function AuthConfirmEmail(props: Props): ReactNode;
}

declare module '@theme/AuthResetPassword' {
  import type { ReactNode } from 'react';
  import type { Redeemed } from 'docusaurus-plugin-auth-service/client';

  export interface Props {
    /** From the mailed link. */
    readonly token: string;
    readonly onRedeemed: (redeemed: Redeemed) => void;
  }
  export default function AuthResetPassword(props: Props): ReactNode;
}

declare module '@theme/AuthSignInByMail' {
  import type { ReactNode } from 'react';

  export interface Props {
    readonly by: 'link' | 'code';
  }
  export default function AuthSignInByMail(props: Props): ReactNode;
}

declare module '@theme/AuthMagicLink' {
  import type { ReactNode } from 'react';
  import type { Redeemed } from 'docusaurus-plugin-auth-service/client';

  export interface Props {
    /** From the mailed link. */
    readonly token: string;
    readonly onRedeemed: (redeemed: Redeemed) => void;
  }
  export default function AuthMagicLink(props: Props): ReactNode;
}

declare module '@theme/AuthConfirmChange' {
  import type { ReactNode } from 'react';
  import type { ChangePurpose, Redeemed } from 'docusaurus-plugin-auth-service/client';

  export interface Props {
    readonly purpose: ChangePurpose;
    /** From the mailed link. */
    readonly token: string;
    readonly onRedeemed: (redeemed: Redeemed) => void;
  }
  export default function AuthConfirmChange(props: Props): ReactNode;
}

declare module '@theme/AuthRedeemed' {
  import type { ReactNode } from 'react';
  import type { MailedLink, Redeemed } from 'docusaurus-plugin-auth-service/client';

  export interface Props {
    readonly purpose: MailedLink['purpose'];
    readonly redeemed: Redeemed;
  }
  export default function AuthRedeemed(props: Props): ReactNode;
}

declare module '@theme/AuthLinkRefused' {
  import type { ReactNode } from 'react';
  import type { Refusal } from 'docusaurus-plugin-auth-service/client';

  export interface Props {
    readonly refusal: Refusal;
    /** Adds a link to the page that mails a link to choose a new password. */
    readonly canAskAgain?: boolean;
  }
  export default function AuthLinkRefused(props: Props): ReactNode;
}
