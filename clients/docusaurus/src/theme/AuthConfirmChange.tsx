/**
 * Links that change something only after a click: another e-mail address, its undoing, "that was not me", a deletion. The
 * page says what will happen first, because a mail scanner may run scripts and a visitor may have opened the link by mistake.
 */
import { useState, type ReactNode } from 'react';
import { translate } from '@docusaurus/Translate';
import AuthForm from '@theme/AuthForm';
import AuthLinkRefused from '@theme/AuthLinkRefused';
import AuthMessage from '@theme/AuthMessage';
import AuthResetPassword from '@theme/AuthResetPassword';
import AuthUserField from '@theme/AuthUserField';
import type { Props } from '@theme/AuthConfirmChange';
import {
  done,
  isLinkRefusal,
  passwordError,
  useAuth,
  useForm,
  type Refusal,
} from 'docusaurus-plugin-auth-service/client';

export default function AuthConfirmChange({ purpose, token, onRedeemed }: Props): ReactNode {
  const auth = useAuth();
  const [ended, setEnded] = useState<Refusal>();
  const [resetToken, setResetToken] = useState<string>();
  const [needsPassword, setNeedsPassword] = useState(false);
  const form = useForm(
    async (field) => {
      const password = needsPassword ? { password: field('password') } : {};
      const outcome = await auth.confirmChange({ purpose, token, ...password });
      if (!outcome.ok) {
        if (isLinkRefusal(outcome)) setEnded(outcome);
        if (outcome.code !== 'LINK_WRONG_BROWSER') return outcome;
        setNeedsPassword(true);
        return { ...outcome, message: signedInElsewhere() };
      }
      if (outcome.value.resetToken !== undefined) setResetToken(outcome.value.resetToken);
      else onRedeemed({ signIn: done });
      return done;
    },
    () => undefined,
    (field) => (needsPassword ? { password: passwordError(field('password')) } : {}),
  );
  if (ended) return <AuthLinkRefused refusal={ended} />;
  if (resetToken !== undefined) {
    return (
      <>
        <AuthMessage
          kind="success"
          message={accessEnded[purpose === 'undo_change' ? purpose : 'not_me']()}
        />
        <AuthResetPassword token={resetToken} onRedeemed={onRedeemed} />
      </>
    );
  }
  return (
    <>
      <p>{explanations[purpose]()}</p>
      <AuthForm form={form} label={submits[purpose]()} busyLabel={busy()}>
        {needsPassword ? <AuthUserField kind="password" error={form.errors.password} /> : null}
      </AuthForm>
    </>
  );
}

/** What will happen. */
const explanations = {
  change_email: () =>
    translate({
      id: 'theme.auth.changeEmail.explanation',
      message: 'Your account will use the address at which you got this link.',
      description: 'Above the button that finishes a change of the e-mail address',
    }),
  undo_change: () =>
    translate({
      id: 'theme.auth.undoChange.explanation',
      message:
        'Your previous address is put back, every device is signed out, and you choose a new password.',
      description: 'Above the button that undoes a change of the e-mail address',
    }),
  not_me: () =>
    translate({
      id: 'theme.auth.notMe.explanation',
      message:
        'Every device is signed out, the password becomes invalid, and you choose a new one.',
      description: 'Above the button "That was not me"',
    }),
  delete_account: () =>
    translate({
      id: 'theme.auth.deleteByMail.explanation',
      message: 'Your account and everything that belongs to it will be deleted.',
      description: 'Above the button that deletes an account with a mailed link',
    }),
};

const submits = {
  change_email: () =>
    translate({
      id: 'theme.auth.changeEmail.submit',
      message: 'Use this address',
      description: 'The button that finishes a change of the e-mail address',
    }),
  undo_change: () =>
    translate({
      id: 'theme.auth.undoChange.submit',
      message: 'Undo the change',
      description: 'The button that undoes a change of the e-mail address',
    }),
  not_me: () =>
    translate({
      id: 'theme.auth.notMe.submit',
      message: 'That was not me',
      description: 'The button that ends all access to the account',
    }),
  delete_account: () =>
    translate({
      id: 'theme.auth.deleteByMail.submit',
      message: 'Delete the account',
      description: 'The button that deletes an account with a mailed link',
    }),
};

/** Otherwise the owner of another account could have its address confirmed by a stranger. */
const signedInElsewhere = () =>
  translate({
    id: 'theme.auth.changeEmail.elsewhere',
    message:
      'This browser is not signed in to the account. Enter the password of the account, or open the link where you are signed in. If you did not ask for this change, close this page.',
    description:
      'If the link to a new e-mail address is opened in a browser that is not signed in to the account',
  });

/** After a link that ended all access. */
const accessEnded = {
  undo_change: () =>
    translate({
      id: 'theme.auth.undoChange.done',
      message:
        'Your previous address is back and every device was signed out. Choose a new password now.',
      description: 'After a change of the e-mail address was undone',
    }),
  not_me: () =>
    translate({
      id: 'theme.auth.notMe.done',
      message:
        'Every device was signed out and the old password is invalid. Choose a new password now.',
      description: 'After "That was not me"',
    }),
};

const busy = () =>
  translate({
    id: 'theme.auth.change.busy',
    message: 'One moment…',
    description: 'The button of a mailed link while the request is pending',
  });
