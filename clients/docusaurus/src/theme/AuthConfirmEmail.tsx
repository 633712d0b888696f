/**
 * Confirms an e-mail address: immediately in the browser that signed up, and with the password in another one. The
 * service redeems the link only for these two, so a mail scanner that runs scripts uses up nothing.
 */
import { useState, type ReactNode } from 'react';
import Translate, { translate } from '@docusaurus/Translate';
import AuthFailure from '@theme/AuthFailure';
import AuthForgotPasswordLink from '@theme/AuthForgotPasswordLink';
import AuthForm from '@theme/AuthForm';
import AuthLinkRefused from '@theme/AuthLinkRefused';
import AuthMessage from '@theme/AuthMessage';
import AuthUserField from '@theme/AuthUserField';
import type { Props } from '@theme/AuthConfirmEmail';
import {
  done,
  isLinkRefusal,
  passwordError,
  useAuth,
  useForm,
  useRedeemOnce,
  type Refusal,
} from 'docusaurus-plugin-auth-service/client';

export default function AuthConfirmEmail({ token, onRedeemed }: Props): ReactNode {
  const auth = useAuth();
  const { refusal, retry } = useRedeemOnce(() => auth.verifyEmail({ token }), onRedeemed);

  if (refusal === undefined) {
    return (
      <p role="status">
        <Translate
          id="theme.auth.confirm.busy"
          description="While the service confirms the address of a mailed link"
        >
          Confirming your e-mail address…
        </Translate>
      </p>
    );
  }
  if (isLinkRefusal(refusal)) return <AuthLinkRefused refusal={refusal} />;
  if (refusal.code === 'LINK_WRONG_BROWSER')
    return <PasswordForm {...{ token, onRedeemed, refusal }} />;
  return <AuthFailure refusal={refusal} onRetry={retry} />;
}

function PasswordForm({ token, onRedeemed, refusal }: Props & { refusal: Refusal }): ReactNode {
  const auth = useAuth();
  const [ended, setEnded] = useState<Refusal>();
  const form = useForm(
    async (field) => {
      const outcome = await auth.verifyEmail({ token, password: field('password') });
      if (outcome.ok) onRedeemed(outcome.value);
      else if (isLinkRefusal(outcome)) setEnded(outcome);
      return outcome.ok ? done : outcome;
    },
    () => undefined,
    (field) => ({ password: passwordError(field('password')) }),
  );
  if (ended) return <AuthLinkRefused refusal={ended} />;
  return (
    <AuthForm
      form={form}
      label={translate({
        id: 'theme.auth.confirm.submit',
        message: 'Confirm the address',
        description: 'The button that confirms an e-mail address with the password',
      })}
      busyLabel={translate({
        id: 'theme.auth.confirm.submitBusy',
        message: 'Confirming…',
        description: 'The button while the request is pending',
      })}
      footer={<AuthForgotPasswordLink />}
    >
      <AuthMessage message={refusal.message} />
      <AuthUserField kind="password" error={form.errors.password} />
    </AuthForm>
  );
}
