/** The props of second factors, passkeys and the dialog for a new proof. */

declare module '@theme/AuthSecondFactor' {
  import type { ReactNode } from 'react';

  export interface Props {
    /** Called once signed in. */
    readonly onDone: () => void;
  }
  export default function AuthSecondFactor(props: Props): ReactNode;
}

declare module '@theme/AuthVerifyFactor' {
  import type { ReactNode } from 'react';

  export interface Props {
    /** `totp`, `backup_code`, `passkey`: what the account has; undefined where unknown. */
    readonly methods: readonly string[] | undefined;
    /** Called once signed in. */
    readonly onDone: () => void;
  }
  export default function AuthVerifyFactor(props: Props): ReactNode;
}

declare module '@theme/AuthTotpEnrolment' {
  import type { ReactNode } from 'react';

  export interface Props {
    /** Called once a code of the app has confirmed it. */
    readonly onDone: () => void;
    /** Whether it replaces one that is set up: that one counts until the new one is confirmed. */
    readonly isAnother?: boolean;
  }
  export default function AuthTotpEnrolment(props: Props): ReactNode;
}

declare module '@theme/AuthBackupCodes' {
  import type { ReactNode } from 'react';

  export interface Props {
    readonly codes: readonly string[];
  }
  export default function AuthBackupCodes(props: Props): ReactNode;
}

declare module '@theme/AuthCodeField' {
  import type { ReactNode } from 'react';

  export interface Props {
    readonly kind: 'totp' | 'backup_code';
    readonly error: string | undefined;
  }
  export default function AuthCodeField(props: Props): ReactNode;
}

declare module '@theme/AuthPasskeySignIn' {
  import type { ReactNode } from 'react';

  export interface Props {
    /** Called once signed in. */
    readonly onDone: () => void;
    /** Also offers passkeys in the suggestions of an input with `autocomplete="username webauthn"`. */
    readonly autofill?: boolean;
  }
  export default function AuthPasskeySignIn(props: Props): ReactNode;
}

declare module '@theme/AuthSecondFactorSettings' {
  import type { ReactNode } from 'react';

  export default function AuthSecondFactorSettings(): ReactNode;
}

declare module '@theme/AuthTrustedDevices' {
  import type { ReactNode } from 'react';

  export default function AuthTrustedDevices(): ReactNode;
}

declare module '@theme/AuthPasskeys' {
  import type { ReactNode } from 'react';

  export default function AuthPasskeys(): ReactNode;
}

declare module '@theme/AuthPasskeyLine' {
  import type { ReactNode } from 'react';
  import type { Passkey } from 'docusaurus-plugin-auth-service/client';

  export interface Props {
    readonly passkey: Passkey;
    /** Resolves once the list is up to date. */
    readonly onRenamed: () => Promise<void>;
    readonly onRemove: (passkey: Passkey) => Promise<void>;
  }
  export default function AuthPasskeyLine(props: Props): ReactNode;
}

declare module '@theme/AuthAddPasskey' {
  import type { ReactNode } from 'react';

  export interface Props {
    /** Called once it is created and known to the service. */
    readonly onAdded: () => void;
  }
  export default function AuthAddPasskey(props: Props): ReactNode;
}

declare module '@theme/AuthListButton' {
  import type { ReactNode } from 'react';

  export interface Props {
    readonly label: string;
    /** For screen readers: which entry it concerns. */
    readonly name: string;
    readonly onClick: () => Promise<void>;
  }
  export default function AuthListButton(props: Props): ReactNode;
}

declare module '@theme/AuthStepUp' {
  import type { ReactNode } from 'react';
  import type { StepUpReason } from 'docusaurus-plugin-auth-service/client';

  export interface Props {
    /** Why the session is not enough. */
    readonly reason: StepUpReason;
  }
  export default function AuthStepUp(props: Props): ReactNode;
}

declare module '@theme/AuthStepUpForm' {
  import type { ReactNode } from 'react';

  export interface Props {
    /** `password`, `totp`, `backup_code`, `passkey`: those that are enough. */
    readonly methods: readonly string[];
    /** Called once the session has the new proof. */
    readonly onProven: () => void;
  }
  export default function AuthStepUpForm(props: Props): ReactNode;
}

declare module '@theme/AuthAccountFactors' {
  import type { ReactNode } from 'react';

  export default function AuthAccountFactors(): ReactNode;
}

declare module '@theme/AuthPasswordAdvice' {
  import type { ReactNode } from 'react';

  export interface Props {
    /** The visitor dismisses it. */
    readonly onClose: () => void;
  }
  export default function AuthPasswordAdvice(props: Props): ReactNode;
}

declare module '@theme/AuthNoticeBar' {
  import type { ReactNode } from 'react';

  export interface Props {
    readonly kind: 'info' | 'warning';
    /** The visitor dismisses it. */
    readonly onClose: () => void;
    readonly children: ReactNode;
  }
  export default function AuthNoticeBar(props: Props): ReactNode;
}
