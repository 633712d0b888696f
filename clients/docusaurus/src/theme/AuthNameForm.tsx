/** Changes the name that others see. */
import { useState, type ReactNode } from 'react';
import Translate, { translate } from '@docusaurus/Translate';
import AuthFailure from '@theme/AuthFailure';
import AuthField from '@theme/AuthField';
import AuthMessage from '@theme/AuthMessage';
import AuthSubmit from '@theme/AuthSubmit';
import type { Props } from '@theme/AuthNameForm';
import { nameError, useAuth, useForm } from 'docusaurus-plugin-auth-service/client';

export default function AuthNameForm({ name }: Props): ReactNode {
  const auth = useAuth();
  const [isChanged, setChanged] = useState(false);
  const { isBusy, errors, refusal, secondsLeft, onSubmit, onInput } = useForm(
    (field) => {
      setChanged(false);
      return auth.updateName(field('name').trim());
    },
    () => setChanged(true),
    (field) => ({ name: nameError(field('name')) }),
  );
  return (
    <form method="post" className="auth-form" noValidate onSubmit={onSubmit} onInput={onInput}>
      <AuthField
        label={translate({
          id: 'theme.auth.field.name',
          message: 'Name',
          description: 'The label of a field',
        })}
        name="name"
        autoComplete="name"
        defaultValue={name}
        error={errors.name}
      />
      <AuthFailure {...{ refusal, secondsLeft }} />
      <AuthMessage
        kind="success"
        message={
          isChanged
            ? translate({
                id: 'theme.auth.name.changed',
                message: 'Your name is changed.',
                description: 'After the name was changed',
              })
            : undefined
        }
      />
      <AuthSubmit isBusy={isBusy} isWaiting={secondsLeft > 0}>
        {isBusy ? (
          <Translate id="theme.auth.name.busy" description="The button while the answer is awaited">
            Changing…
          </Translate>
        ) : (
          <Translate id="theme.auth.name.submit" description="The button that changes the name">
            Change name
          </Translate>
        )}
      </AuthSubmit>
    </form>
  );
}
