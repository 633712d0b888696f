/** The form that changes the user's name. */
import { useState, type ReactNode } from 'react';
import { translate } from '@docusaurus/Translate';
import AuthForm from '@theme/AuthForm';
import AuthUserField from '@theme/AuthUserField';
import type { Props } from '@theme/AuthNameForm';
import { nameError, useAuth, useForm } from 'docusaurus-plugin-auth-service/client';

export default function AuthNameForm({ name }: Props): ReactNode {
  const auth = useAuth();
  const [isChanged, setChanged] = useState(false);
  const form = useForm(
    (field) => {
      setChanged(false);
      return auth.updateName(field('name').trim());
    },
    () => setChanged(true),
    (field) => ({ name: nameError(field('name')) }),
  );
  return (
    <AuthForm
      form={form}
      label={translate({
        id: 'theme.auth.name.submit',
        message: 'Change name',
        description: 'The button that changes the name',
      })}
      busyLabel={translate({
        id: 'theme.auth.name.busy',
        message: 'Changing…',
        description: 'The button while the request is pending',
      })}
      success={isChanged ? changed() : undefined}
    >
      <AuthUserField kind="name" defaultValue={name} error={form.errors.name} />
    </AuthForm>
  );
}

const changed = () =>
  translate({
    id: 'theme.auth.name.changed',
    message: 'Your name was changed.',
    description: 'After the name was changed',
  });
