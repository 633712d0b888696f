/** The input for a code of an authenticator app, or for a backup code. */
import type { ReactNode } from 'react';
import { translate } from '@docusaurus/Translate';
import AuthField from '@theme/AuthField';
import type { Props } from '@theme/AuthCodeField';

export default function AuthCodeField({ kind, error }: Props): ReactNode {
  return kind === 'totp' ? (
    <AuthField
      label={translate({
        id: 'theme.auth.field.totp',
        message: 'Code of your authenticator app',
        description: 'The label of the field for a code of six digits',
      })}
      name="code"
      inputMode="numeric"
      autoComplete="one-time-code"
      error={error}
    />
  ) : (
    <AuthField
      label={translate({
        id: 'theme.auth.field.backupCode',
        message: 'Backup code',
        description: 'The label of the field for a backup code',
      })}
      name="code"
      autoComplete="off"
      autoCapitalize="none"
      autoCorrect="off"
      spellCheck={false}
      error={error}
    />
  );
}
