/** The frame of every form: its fields, the error or success of the last attempt, and the submit button. */
import type { ReactNode } from 'react';
import AuthFailure from '@theme/AuthFailure';
import AuthMessage from '@theme/AuthMessage';
import AuthSubmit from '@theme/AuthSubmit';
import type { Props } from '@theme/AuthForm';

export default function AuthForm(props: Props): ReactNode {
  const { form, label, busyLabel, kind = 'primary', success, footer, children } = props;
  const { isBusy, refusal, secondsLeft, onSubmit, onInput } = form;
  return (
    <form method="post" className="auth-form" noValidate onSubmit={onSubmit} onInput={onInput}>
      {children}
      <AuthFailure {...{ refusal, secondsLeft }} />
      <AuthMessage kind="success" message={success} />
      <AuthSubmit kind={kind} isBusy={isBusy} isWaiting={secondsLeft > 0}>
        {isBusy ? busyLabel : label}
      </AuthSubmit>
      {footer}
    </form>
  );
}
