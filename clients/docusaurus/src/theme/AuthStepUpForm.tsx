/** One proof for the session at hand: the password, a code or a passkey. */
import { useState, type ReactNode } from 'react';
import { translate } from '@docusaurus/Translate';
import AuthCodeField from '@theme/AuthCodeField';
import AuthForm from '@theme/AuthForm';
import type { Props } from '@theme/AuthStepUpForm';
import AuthUserField from '@theme/AuthUserField';
import {
  backupCodeError,
  ceremonyCancelled,
  passwordError,
  totpError,
  useFactors,
  useForm,
  useSession,
  useStepUp,
  type Form,
  type StepUpProof,
} from 'docusaurus-plugin-auth-service/client';

export default function AuthStepUpForm({ methods, onProven }: Props): ReactNode {
  const known = methods.filter((method) => Object.hasOwn(labels, method)) as Method[];
  const [chosen, setChosen] = useState<Method>();
  const by = chosen ?? known[0];
  return (
    <>
      {by && <ProofForm key={by} by={by} onProven={onProven} />}
      {known
        .filter((method) => method !== by)
        .map((method) => (
          <button
            key={method}
            type="button"
            className="button button--block auth-button auth-other"
            onClick={() => setChosen(method)}
          >
            {labels[method]()}
          </button>
        ))}
    </>
  );
}

type Method = keyof typeof labels;

interface FormProps extends Pick<Props, 'onProven'> {
  readonly by: Method;
}

function ProofForm({ by, onProven }: FormProps): ReactNode {
  const stepUp = useStepUp();
  const { passkeys } = useFactors();
  const session = useSession();
  const form: Form = useForm(
    async (field) => {
      if (by !== 'passkey') return stepUp.prove(proofOf(by, field));
      const options = await passkeys.options();
      const assertion = options.ok ? await passkeys.assert(options.value) : options;
      if (assertion.ok) return stepUp.prove({ passkey: assertion.value });
      return assertion;
    },
    onProven,
    (field) => checks[by](field),
  );
  // A dialog of the browser that was cancelled is no error.
  const { refusal } = form;
  const isCancelled = refusal?.code === ceremonyCancelled;
  return (
    <AuthForm
      form={isCancelled ? { ...form, refusal: undefined } : form}
      label={by === 'passkey' ? labels.passkey() : confirm()}
      busyLabel={translate({
        id: 'theme.auth.stepUp.busy',
        message: 'Checking…',
        description: 'The button of the dialog while the request is pending',
      })}
    >
      {by === 'password' && (
        <>
          {/* For password managers: the account that the password belongs to. */}
          {session.status === 'signedIn' && (
            <input
              type="email"
              autoComplete="username"
              value={session.user.email}
              readOnly
              hidden
            />
          )}
          <AuthUserField kind="password" error={form.errors.password} />
        </>
      )}
      {(by === 'totp' || by === 'backup_code') && (
        <AuthCodeField kind={by} error={form.errors.code} />
      )}
    </AuthForm>
  );
}

type ReadField = (name: string) => string;

function proofOf(by: Exclude<Method, 'passkey'>, field: ReadField): StepUpProof {
  const code = field('code').replace(/\s/g, '');
  if (by === 'password') return { password: field('password') };
  return by === 'totp' ? { totp: code } : { backupCode: code };
}

const checks: Readonly<Record<Method, (field: ReadField) => Record<string, string | undefined>>> = {
  password: (field) => ({ password: passwordError(field('password')) }),
  totp: (field) => ({ code: totpError(field('code')) }),
  backup_code: (field) => ({ code: backupCodeError(field('code')) }),
  passkey: () => ({}),
};

const labels = {
  password: () =>
    translate({
      id: 'theme.auth.stepUp.password',
      message: 'Use your password',
      description: 'A button of the dialog before a sensitive action',
    }),
  totp: () =>
    translate({
      id: 'theme.auth.stepUp.totp',
      message: 'Use your authenticator app',
      description: 'A button of the dialog before a sensitive action',
    }),
  backup_code: () =>
    translate({
      id: 'theme.auth.stepUp.backupCode',
      message: 'Use a backup code',
      description: 'A button of the dialog before a sensitive action',
    }),
  passkey: () =>
    translate({
      id: 'theme.auth.stepUp.passkey',
      message: 'Use a passkey',
      description: 'A button of the dialog before a sensitive action',
    }),
};

const confirm = () =>
  translate({
    id: 'theme.auth.stepUp.submit',
    message: 'Confirm',
    description: 'The button of the dialog before a sensitive action',
  });
