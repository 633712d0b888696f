/** Finishes a sign-in with a code of an authenticator app, a backup code or a passkey. */
import { useState, type ReactNode } from 'react';
import { translate } from '@docusaurus/Translate';
import AuthCheckbox from '@theme/AuthCheckbox';
import AuthCodeField from '@theme/AuthCodeField';
import AuthForm from '@theme/AuthForm';
import AuthPasskeySignIn from '@theme/AuthPasskeySignIn';
import type { Props } from '@theme/AuthVerifyFactor';
import {
  backupCodeError,
  totpError,
  useFactors,
  useForm,
  useServiceFeatures,
} from 'docusaurus-plugin-auth-service/client';

type CodeKind = 'totp' | 'backup_code';
const codeKinds: readonly CodeKind[] = ['totp', 'backup_code'];

export default function AuthVerifyFactor({ methods, onDone }: Props): ReactNode {
  const features = useServiceFeatures();
  const [chosen, setChosen] = useState<CodeKind>('totp');
  // After a reload it is unknown which ones the account has.
  const kinds = codeKinds.filter((kind) => methods?.includes(kind) ?? true);
  const kind = kinds.find((one) => one === chosen) ?? kinds[0];
  const hasPasskeys = methods?.includes('passkey') ?? features?.passkeys === true;
  return (
    <>
      {kind && <CodeForm key={kind} kind={kind} onDone={onDone} />}
      {hasPasskeys && <AuthPasskeySignIn onDone={onDone} />}
      {kind && kinds.length > 1 && (
        <p className="auth-actions">
          <button
            type="button"
            className="button auth-button"
            onClick={() => setChosen(kind === 'totp' ? 'backup_code' : 'totp')}
          >
            {kind === 'totp' ? withBackupCode() : withApp()}
          </button>
        </p>
      )}
    </>
  );
}

function CodeForm({ kind, onDone }: Pick<Props, 'onDone'> & { kind: CodeKind }): ReactNode {
  const factors = useFactors();
  const form = useForm(
    (field) => {
      const code = field('code').replace(/\s/g, '');
      const proof = { code, trustDevice: field('trust-device') !== '' };
      return kind === 'totp' ? factors.verifyTotp(proof) : factors.verifyBackupCode(proof);
    },
    onDone,
    (field) => ({
      code: kind === 'totp' ? totpError(field('code')) : backupCodeError(field('code')),
    }),
  );
  return (
    <AuthForm
      form={form}
      label={translate({
        id: 'theme.auth.secondFactor.submit',
        message: 'Continue',
        description: 'The button that finishes a sign-in with a second factor',
      })}
      busyLabel={translate({
        id: 'theme.auth.secondFactor.busy',
        message: 'Checking…',
        description: 'The button that finishes a sign-in, while the request is pending',
      })}
    >
      <AuthCodeField kind={kind} error={form.errors.code} />
      {factors.canTrustDevice() && (
        <AuthCheckbox
          name="trust-device"
          label={translate({
            id: 'theme.auth.secondFactor.trust',
            message: 'Trust this device for 30 days: the second proof is not asked for here.',
            description: 'A checkbox below the code of a second factor',
          })}
        />
      )}
    </AuthForm>
  );
}

const withBackupCode = () =>
  translate({
    id: 'theme.auth.secondFactor.withBackupCode',
    message: 'Use a backup code',
    description: 'The button that asks for a backup code instead of one of the app',
  });

const withApp = () =>
  translate({
    id: 'theme.auth.secondFactor.withApp',
    message: 'Use the authenticator app',
    description: 'The button that asks for a code of the app instead of a backup code',
  });
