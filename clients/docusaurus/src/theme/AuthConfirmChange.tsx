/**
 * Links that change something only after a click: another e-mail address, its undoing, "that was not me", a deletion. The
 * page says what will happen first, because a mail scanner may run scripts and a visitor may have opened the link by mistake.
 */
import { useState, type ReactNode } from 'react';
import AuthForm from '@theme/AuthForm';
import AuthLinkRefused from '@theme/AuthLinkRefused';
import AuthMessage from '@theme/AuthMessage';
import AuthResetPassword from '@theme/AuthResetPassword';
import type { Props } from '@theme/AuthConfirmChange';
import {
  changeTexts,
  done,
  isLinkRefusal,
  useAuth,
  useForm,
  type Refusal,
} from 'docusaurus-plugin-auth-service/client';

export default function AuthConfirmChange({ purpose, token, onRedeemed }: Props): ReactNode {
  const auth = useAuth();
  const [ended, setEnded] = useState<Refusal>();
  const [resetToken, setResetToken] = useState<string>();
  const texts = changeTexts[purpose]();
  const form = useForm(
    async () => {
      const outcome = await auth.confirmChange({ purpose, token });
      if (!outcome.ok) {
        if (isLinkRefusal(outcome)) setEnded(outcome);
        return outcome;
      }
      if (outcome.value.resetToken !== undefined) setResetToken(outcome.value.resetToken);
      else onRedeemed({ signIn: done });
      return done;
    },
    () => undefined,
    () => ({}),
  );
  if (ended) return <AuthLinkRefused refusal={ended} />;
  if (resetToken !== undefined) {
    return (
      <>
        <AuthMessage kind="success" message={texts.done} />
        <AuthResetPassword token={resetToken} onRedeemed={onRedeemed} />
      </>
    );
  }
  return (
    <>
      <p>{texts.explanation}</p>
      <AuthForm form={form} label={texts.submit} busyLabel={texts.busy}>
        {null}
      </AuthForm>
    </>
  );
}
