/** The props of the components for sign-in with a provider. */

declare module '@theme/AuthProviderButtons' {
  import type { ReactNode } from 'react';

  export default function AuthProviderButtons(): ReactNode;
}

declare module '@theme/AuthProviderMark' {
  import type { ReactNode } from 'react';

  export interface Props {
    /** `google`, `github`, …; a key for any other. */
    readonly kind: string;
  }
  export default function AuthProviderMark(props: Props): ReactNode;
}

declare module '@theme/AuthRedirect' {
  import type { ReactNode } from 'react';
  import type { RedirectResult } from 'docusaurus-plugin-auth-service/client';

  export interface Props {
    /** From the address. */
    readonly result: RedirectResult;
  }
  export default function AuthRedirect(props: Props): ReactNode;
}

declare module '@theme/AuthRedirectRefused' {
  import type { ReactNode } from 'react';

  export interface Props {
    /** The service's reason; undefined if the page was reloaded before it finished. */
    readonly reason: string | undefined;
    /** In place of the general sentence of the reason. */
    readonly message?: string | undefined;
    /** Of the service's log line. */
    readonly requestId?: string | undefined;
  }
  export default function AuthRedirectRefused(props: Props): ReactNode;
}

declare module '@theme/AuthNextSteps' {
  import type { ReactNode } from 'react';
  import type { Flow, NextStep } from 'docusaurus-plugin-auth-service/client';

  export interface Props {
    /** The most promising first. */
    readonly steps: readonly NextStep[];
    /** What this tab started, if it is known. */
    readonly flow: Flow | undefined;
  }
  export default function AuthNextSteps(props: Props): ReactNode;
}

declare module '@theme/AuthProviderProof' {
  import type { ReactNode } from 'react';

  export interface Props {
    /** From the address. */
    readonly code: string;
    /** Why the provider is not enough. */
    readonly reason: string;
    /** What the visitor can prove: `password`, `mail`; `email` if an address must be entered; `address` to fill in. */
    readonly next: Readonly<Record<string, unknown>>;
  }
  export default function AuthProviderProof(props: Props): ReactNode;
}

declare module '@theme/AuthConfirmProvider' {
  import type { ReactNode } from 'react';

  export interface Props {
    /** From the mailed link. */
    readonly token: string;
  }
  export default function AuthConfirmProvider(props: Props): ReactNode;
}

declare module '@theme/AuthLinkedProviders' {
  import type { ReactNode } from 'react';

  export default function AuthLinkedProviders(): ReactNode;
}

declare module '@theme/AuthLinkedProvider' {
  import type { ReactNode } from 'react';
  import type { LinkedAccount, SocialProvider } from 'docusaurus-plugin-auth-service/client';

  export interface Props {
    readonly provider: SocialProvider;
    /** Those of this provider; undefined until the service has answered. */
    readonly accounts: readonly LinkedAccount[] | undefined;
    /** Whether the browser is leaving for the provider. */
    readonly isLeaving: boolean;
    readonly onLink: () => Promise<void>;
    readonly onUnlink: (account: LinkedAccount) => Promise<void>;
  }
  export default function AuthLinkedProvider(props: Props): ReactNode;
}
