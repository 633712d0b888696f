/** Sets up an authenticator app: the QR code and the key, the backup codes, and a code that confirms it. */
import { useState, type ReactNode } from 'react';
import Translate, { translate } from '@docusaurus/Translate';
import AuthBackupCodes from '@theme/AuthBackupCodes';
import AuthCheckbox from '@theme/AuthCheckbox';
import AuthCodeField from '@theme/AuthCodeField';
import AuthForm from '@theme/AuthForm';
import type { Props } from '@theme/AuthTotpEnrolment';
import {
  done,
  totpError,
  useFactors,
  useForm,
  type TotpEnrolment,
} from 'docusaurus-plugin-auth-service/client';

export default function AuthTotpEnrolment({ onDone, isAnother = false }: Props): ReactNode {
  const factors = useFactors();
  const [enrolment, setEnrolment] = useState<TotpEnrolment>();
  // By a click: each start replaces the key of the one before.
  const form = useForm(
    async () => {
      const outcome = await factors.enable();
      if (outcome.ok) setEnrolment(outcome.value);
      return outcome.ok ? done : outcome;
    },
    () => undefined,
  );
  if (enrolment) return <Confirm enrolment={enrolment} onDone={onDone} />;
  return (
    <AuthForm
      form={form}
      label={isAnother ? startAnother() : start()}
      busyLabel={translate({
        id: 'theme.auth.totp.starting',
        message: 'One moment…',
        description: 'The button while the request is pending',
      })}
    />
  );
}

/**
 * The backup codes come before the code that confirms: once it is confirmed, a sign-in is finished and its page is left,
 * and nobody could show them again.
 */
function Confirm({ enrolment, onDone }: Props & { readonly enrolment: TotpEnrolment }): ReactNode {
  const factors = useFactors();
  const form = useForm(
    (field) => factors.verifyTotp({ code: field('code').replace(/\s/g, '') }),
    onDone,
    (field) => ({
      kept: field('kept') === '' ? keepFirst() : undefined,
      code: totpError(field('code')),
    }),
  );
  return (
    <AuthForm
      form={form}
      label={translate({
        id: 'theme.auth.totp.confirm',
        message: 'Confirm',
        description: 'The button that confirms an authenticator app with a code',
      })}
      busyLabel={translate({
        id: 'theme.auth.totp.confirming',
        message: 'Checking…',
        description: 'The button while the request is pending',
      })}
    >
      <Key totpURI={enrolment.totpURI} qrCode={enrolment.qrCode} />
      <p>
        <Translate
          id="theme.auth.totp.backupCodes"
          description="Above the backup codes while an authenticator app is set up"
        >
          2. Keep these backup codes, for a day without your phone. Each works once, and they are
          not shown again.
        </Translate>
      </p>
      <AuthBackupCodes codes={enrolment.backupCodes} />
      <AuthCheckbox
        name="kept"
        label={translate({
          id: 'theme.auth.totp.kept',
          message: 'I have kept them',
          description: 'The checkbox below the backup codes',
        })}
        error={form.errors.kept}
      />
      <p>
        <Translate
          id="theme.auth.totp.enterCode"
          description="Above the field for the code that confirms an authenticator app"
        >
          3. Enter the code that the app shows.
        </Translate>
      </p>
      <AuthCodeField kind="totp" error={form.errors.code} />
    </AuthForm>
  );
}

function Key({ totpURI, qrCode }: Pick<TotpEnrolment, 'totpURI' | 'qrCode'>): ReactNode {
  return (
    <>
      <p>
        <Translate
          id="theme.auth.totp.scan"
          description="Above the QR code of an authenticator app"
        >
          1. Scan this with an authenticator app, or enter the key there.
        </Translate>
      </p>
      {/* An image of a data: URL runs no scripts, whatever the SVG contains. */}
      <img
        className="auth-qr"
        src={`data:image/svg+xml;charset=utf-8,${encodeURIComponent(qrCode)}`}
        alt={translate({
          id: 'theme.auth.totp.qrCode',
          message: 'QR code with the key below',
          description: 'For screen readers',
        })}
        width={200}
        height={200}
      />
      <p>
        <Translate
          id="theme.auth.totp.key"
          description="The key for an authenticator app that cannot scan"
          values={{ key: <code>{keyOf(totpURI)}</code> }}
        >
          {'Key: {key}'}
        </Translate>
      </p>
    </>
  );
}

/** In groups of four, as it is typed. */
function keyOf(totpURI: string): string {
  const secret = URL.canParse(totpURI) ? new URL(totpURI).searchParams.get('secret') : null;
  return (secret ?? '').replace(/(.{4})(?=.)/g, '$1 ');
}

const start = () =>
  translate({
    id: 'theme.auth.totp.start',
    message: 'Set up an authenticator app',
    description: 'The button that starts to set up an authenticator app',
  });

const startAnother = () =>
  translate({
    id: 'theme.auth.totp.startAnother',
    message: 'Use another authenticator app',
    description: 'The button that replaces an authenticator app, as on a new phone',
  });

const keepFirst = () =>
  translate({
    id: 'theme.auth.totp.keepFirst',
    message: 'Keep the backup codes first: without them a lost phone locks you out.',
    description: 'The error below the checkbox of the backup codes',
  });
