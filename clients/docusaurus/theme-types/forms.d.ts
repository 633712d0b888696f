/** The props of forms, fields, messages and dialogs. */

declare module '@theme/AuthForm' {
  import type { ReactNode } from 'react';
  import type { Form } from 'docusaurus-plugin-auth-service/client';

  export interface Props {
    /** From `useForm`. */
    readonly form: Form;
    /** Of the submit button. */
    readonly label: ReactNode;
    /** Of the submit button while the request is pending. */
    readonly busyLabel: ReactNode;
    /** `danger` for what cannot be undone. */
    readonly kind?: 'primary' | 'danger';
    /** The message after a success. */
    readonly success?: string | undefined;
    /** Below the submit button. */
    readonly footer?: ReactNode;
    /** The fields. */
    readonly children?: ReactNode;
  }
  export default function AuthForm(props: Props): ReactNode;
}

declare module '@theme/AuthField' {
  import type { InputHTMLAttributes, ReactNode } from 'react';

  export interface Props extends InputHTMLAttributes<HTMLInputElement> {
    readonly label: string;
    readonly name: string;
    /** The requirements, shown before anything is typed. */
    readonly hint?: ReactNode;
    /** The error message. */
    readonly error?: string | undefined;
    /** Renders a list to choose from, with an empty choice first. */
    readonly choices?: readonly string[];
    /** Label of the button that shows a password. "Show password" by default. */
    readonly showLabel?: string;
  }
  export default function AuthField(props: Props): ReactNode;
}

declare module '@theme/AuthCheckbox' {
  import type { ReactNode } from 'react';

  export interface Props {
    readonly name: string;
    readonly label: string;
    readonly error?: string | undefined;
  }
  export default function AuthCheckbox(props: Props): ReactNode;
}

declare module '@theme/AuthProfileFields' {
  import type { ReactNode } from 'react';
  import type { FieldErrors, Profile } from 'docusaurus-plugin-auth-service/client';

  export interface Props {
    /** The sign-up page also has the hidden fields, and requires the required ones. */
    readonly page: 'signUp' | 'account';
    /** From `useForm`. */
    readonly errors: FieldErrors;
    /** The current values. */
    readonly values?: Profile | undefined;
  }
  export default function AuthProfileFields(props: Props): ReactNode;
}

declare module '@theme/AuthUserField' {
  import type { ReactNode } from 'react';

  export interface Props {
    /** `new-password` comes with the requirements of a password, and is offered a generated one. */
    readonly kind: 'name' | 'email' | 'password' | 'new-password';
    readonly error: string | undefined;
    readonly defaultValue?: string;
    /** In place of the one that fits its kind. */
    readonly autoComplete?: string;
    /** True by default. */
    readonly required?: boolean;
    /** Of a `password`. */
    readonly hint?: ReactNode;
  }
  export default function AuthUserField(props: Props): ReactNode;
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

declare module '@theme/AuthSubmit' {
  import type { ReactNode } from 'react';

  export interface Props {
    readonly isBusy: boolean;
    /** Whether the service asked to wait. */
    readonly isWaiting?: boolean;
    /** `danger` for what cannot be undone. */
    readonly kind?: 'primary' | 'danger';
    readonly children: ReactNode;
  }
  export default function AuthSubmit(props: Props): ReactNode;
}

declare module '@theme/AuthFailure' {
  import type { ReactNode } from 'react';
  import type { Refusal } from 'docusaurus-plugin-auth-service/client';

  export interface Props {
    /** Nothing is shown without it. */
    readonly refusal: Refusal | undefined;
    /** How long to wait until the next attempt. Without it there is no countdown. */
    readonly secondsLeft?: number;
    /** Adds a button to try again, for what has no submit button of its own. */
    readonly onRetry?: () => void;
  }
  export default function AuthFailure(props: Props): ReactNode;
}

declare module '@theme/AuthMessage' {
  import type { ReactNode } from 'react';

  export interface Props {
    /** Nothing is shown without it. */
    readonly message: ReactNode | undefined;
    readonly kind?: 'failure' | 'success';
    /** Below the message, and only with it: what the visitor can do. */
    readonly children?: ReactNode;
  }
  export default function AuthMessage(props: Props): ReactNode;
}

declare module '@theme/AuthSignInAgain' {
  import type { ReactNode } from 'react';

  export default function AuthSignInAgain(): ReactNode;
}

declare module '@theme/AuthDialog' {
  import type { ReactNode } from 'react';

  export interface Props {
    readonly title: ReactNode;
    /** The consequences of confirming. */
    readonly description: ReactNode;
    /** Called on Cancel and Escape: unmount the dialog. */
    readonly onClose: () => void;
    readonly children: ReactNode;
  }
  export default function AuthDialog(props: Props): ReactNode;
}

declare module '@theme/AuthDialogButton' {
  import type { ReactNode } from 'react';

  export interface Props {
    /** Of the button. */
    readonly label: ReactNode;
    /** Of the dialog. */
    readonly title: ReactNode;
    /** The consequences of confirming. */
    readonly description: ReactNode;
    /** The form of the dialog. */
    readonly children: ReactNode;
  }
  export default function AuthDialogButton(props: Props): ReactNode;
}
