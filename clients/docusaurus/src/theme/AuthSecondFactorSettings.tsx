/** The second factor on the account page: an authenticator app, its backup codes, and the trusted devices. */
import { useCallback, useEffect, useState, type ReactNode } from 'react';
import Translate, { translate } from '@docusaurus/Translate';
import { usePluralForm } from '@docusaurus/theme-common';
import AuthBackupCodes from '@theme/AuthBackupCodes';
import AuthDialogButton from '@theme/AuthDialogButton';
import AuthFailure from '@theme/AuthFailure';
import AuthForm from '@theme/AuthForm';
import AuthMessage from '@theme/AuthMessage';
import AuthTotpEnrolment from '@theme/AuthTotpEnrolment';
import AuthTrustedDevices from '@theme/AuthTrustedDevices';
import {
  done,
  useFactors,
  useForm,
  type FactorStatus,
  type Refusal,
} from 'docusaurus-plugin-auth-service/client';

export default function AuthSecondFactorSettings(): ReactNode {
  const factors = useFactors();
  const [status, setStatus] = useState<FactorStatus>();
  const [refusal, setRefusal] = useState<Refusal>();
  const [success, setSuccess] = useState<string>();

  const reload = useCallback(async () => {
    const outcome = await factors.status();
    if (outcome.ok) setStatus(outcome.value);
    setRefusal(outcome.ok ? undefined : outcome);
  }, [factors]);
  useEffect(() => void reload(), [reload]);

  function show(message: string): void {
    setSuccess(message);
    void reload();
  }

  return (
    <div aria-busy={status === undefined}>
      <AuthFailure refusal={refusal} onRetry={() => void reload()} />
      <AuthMessage kind="success" message={success} />
      {status?.enabled === false && (
        <>
          <p>
            <Translate
              id="theme.auth.factors.explanation"
              description="On the account page, above the button that sets up a second factor"
            >
              With an authenticator app, nobody can sign in with only your password: a code from
              your phone is asked for as well.
            </Translate>
          </p>
          <AuthTotpEnrolment onDone={() => show(enabled())} />
        </>
      )}
      {status?.enabled && (
        <>
          <CodesLeft status={status} />
          <div className="auth-form">
            <NewBackupCodes onRenewed={() => void reload()} />
            <AuthTotpEnrolment isAnother onDone={() => show(enabled())} />
            {!status.required && <Disable onDisabled={() => show(disabled())} />}
          </div>
          <AuthTrustedDevices />
        </>
      )}
    </div>
  );
}

function CodesLeft({ status }: { readonly status: FactorStatus }): ReactNode {
  const { selectMessage } = usePluralForm();
  const { backupCodesLeft: count } = status;
  const left = translate({
    id: 'theme.auth.factors.codesLeft',
    message: 'One backup code is left.|{count} backup codes are left.',
    description:
      'On the account page. Use as many plural forms (separated by "|") as your language has',
  });
  return (
    <p>
      <Translate
        id="theme.auth.factors.on"
        description="On the account page: a second factor is on"
      >
        Your authenticator app is set up.
      </Translate>{' '}
      {selectMessage(count, left).replace('{count}', String(count))}
    </p>
  );
}

function NewBackupCodes({ onRenewed }: { readonly onRenewed: () => void }): ReactNode {
  const factors = useFactors();
  const [codes, setCodes] = useState<readonly string[]>();
  const form = useForm(
    async () => {
      const outcome = await factors.renewBackupCodes();
      if (outcome.ok) {
        setCodes(outcome.value);
        onRenewed();
      }
      return outcome.ok ? done : outcome;
    },
    () => undefined,
  );
  if (codes) {
    return (
      <>
        <p role="status">
          <Translate id="theme.auth.factors.newCodes" description="Above new backup codes">
            Your new backup codes. They are not shown again, and the old ones are invalid.
          </Translate>
        </p>
        <AuthBackupCodes codes={codes} />
        <button type="button" className="button auth-button" onClick={() => setCodes(undefined)}>
          <Translate
            id="theme.auth.factors.kept"
            description="The button that hides new backup codes"
          >
            I have kept them
          </Translate>
        </button>
      </>
    );
  }
  return (
    <AuthForm
      form={form}
      label={translate({
        id: 'theme.auth.factors.renew',
        message: 'Get new backup codes',
        description: 'The button that replaces the backup codes',
      })}
      busyLabel={translate({
        id: 'theme.auth.factors.renewing',
        message: 'One moment…',
        description: 'The button while the request is pending',
      })}
    />
  );
}

interface DisableProps {
  readonly onDisabled: () => void;
}

function Disable({ onDisabled }: DisableProps): ReactNode {
  return (
    <div>
      <AuthDialogButton
        label={translate({
          id: 'theme.auth.factors.disable',
          message: 'Remove the authenticator app',
          description: 'The button that opens the dialog to remove the authenticator app',
        })}
        title={translate({
          id: 'theme.auth.factors.disableQuestion',
          message: 'Remove the authenticator app?',
          description: 'The heading of the dialog to remove the authenticator app',
        })}
        description={consequence()}
      >
        <DisableForm onDisabled={onDisabled} />
      </AuthDialogButton>
    </div>
  );
}

function DisableForm({ onDisabled }: DisableProps): ReactNode {
  const factors = useFactors();
  return (
    <AuthForm
      form={useForm(factors.disable, onDisabled)}
      kind="danger"
      label={translate({
        id: 'theme.auth.factors.disableSubmit',
        message: 'Yes, remove it',
        description: 'The button that removes the authenticator app',
      })}
      busyLabel={translate({
        id: 'theme.auth.factors.disabling',
        message: 'Removing…',
        description: 'The button while the request is pending',
      })}
    />
  );
}

const consequence = () =>
  translate({
    id: 'theme.auth.factors.disableConsequence',
    message: 'Its backup codes and your trusted devices end as well.',
    description: 'In the dialog to remove the authenticator app',
  });

const enabled = () =>
  translate({
    id: 'theme.auth.factors.enabled',
    message: 'Your authenticator app is set up. The next sign-in asks for a code of it.',
    description: 'After an authenticator app was set up',
  });

const disabled = () =>
  translate({
    id: 'theme.auth.factors.disabled',
    message: 'The authenticator app was removed.',
    description: 'After the authenticator app was removed',
  });
