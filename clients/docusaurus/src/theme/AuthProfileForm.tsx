/** The form that changes the profile fields. */
import { useState, type ReactNode } from 'react';
import { translate } from '@docusaurus/Translate';
import AuthForm from '@theme/AuthForm';
import AuthProfileFields from '@theme/AuthProfileFields';
import type { Props } from '@theme/AuthProfileForm';
import {
  changedProfile,
  done,
  profileFields,
  readProfileInputs,
  useAuth,
  useAuthOptions,
  useForm,
} from 'docusaurus-plugin-auth-service/client';

export default function AuthProfileForm({ profile }: Props): ReactNode {
  const auth = useAuth();
  const { profileSchema } = useAuthOptions();
  const [isChanged, setChanged] = useState(false);
  const [rendered, setRendered] = useState(profile ?? {});
  const form = useForm(
    async (input) => {
      setChanged(false);
      const fields = profileFields(profileSchema, 'account');
      const changes = changedProfile(fields, readProfileInputs(fields, input), rendered);
      if (Object.keys(changes).length === 0) return done;
      const outcome = await auth.updateProfile(changes);
      if (outcome.ok) setRendered({ ...rendered, ...changes });
      return outcome;
    },
    () => setChanged(true),
  );
  return (
    <AuthForm
      form={form}
      label={translate({
        id: 'theme.auth.profile.submit',
        message: 'Save profile',
        description: 'The button that changes the profile',
      })}
      busyLabel={translate({
        id: 'theme.auth.profile.busy',
        message: 'Saving…',
        description: 'The button while the request is pending',
      })}
      success={isChanged ? changed() : undefined}
    >
      <AuthProfileFields page="account" values={profile} errors={form.errors} />
    </AuthForm>
  );
}

const changed = () =>
  translate({
    id: 'theme.auth.profile.changed',
    message: 'Your profile was saved.',
    description: 'After the profile was changed',
  });
