/** The fields that several forms have: the name, the e-mail address and the password of a user. */
import type { ReactNode } from 'react';
import { translate } from '@docusaurus/Translate';
import AuthField from '@theme/AuthField';
import AuthPasswordHint from '@theme/AuthPasswordHint';
import type { Props } from '@theme/AuthUserField';

export default function AuthUserField({ kind, ...rest }: Props): ReactNode {
  switch (kind) {
    case 'name':
      return <AuthField label={nameLabel()} name="name" autoComplete="name" {...rest} />;
    case 'email':
      return (
        <AuthField
          label={emailLabel()}
          name="email"
          type="email"
          // Password managers store the value of this field as the user name.
          autoComplete="username"
          {...rest}
        />
      );
    case 'password':
      return <Password autoComplete="current-password" {...rest} />;
    case 'new-password':
      return <Password autoComplete="new-password" hint={<AuthPasswordHint />} {...rest} />;
  }
}

interface PasswordProps extends Omit<Props, 'kind'> {
  readonly autoComplete: string;
  readonly hint?: ReactNode;
}

function Password(props: PasswordProps): ReactNode {
  return <AuthField label={passwordLabel()} name="password" type="password" {...props} />;
}

const nameLabel = () =>
  translate({
    id: 'theme.auth.field.name',
    message: 'Name',
    description: 'The label of a field',
  });

const emailLabel = () =>
  translate({
    id: 'theme.auth.field.email',
    message: 'E-mail address',
    description: 'The label of a field',
  });

const passwordLabel = () =>
  translate({
    id: 'theme.auth.field.password',
    message: 'Password',
    description: 'The label of a field',
  });
