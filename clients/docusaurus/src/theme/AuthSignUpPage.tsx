/** The sign-up page: creates an account and signs in to it. */
import { useState, type ReactNode } from 'react';
import { useHistory } from '@docusaurus/router';
import { translate } from '@docusaurus/Translate';
import AuthAlreadySignedIn from '@theme/AuthAlreadySignedIn';
import AuthCheckMail from '@theme/AuthCheckMail';
import AuthForm from '@theme/AuthForm';
import AuthPage from '@theme/AuthPage';
import AuthProfileFields from '@theme/AuthProfileFields';
import AuthProviderButtons from '@theme/AuthProviderButtons';
import AuthSecondFactor from '@theme/AuthSecondFactor';
import AuthSwitchLink from '@theme/AuthSwitchLink';
import AuthUserField from '@theme/AuthUserField';
import {
  emailError,
  nameError,
  newPasswordError,
  pendingFactor,
  profileErrors,
  profileFields,
  readProfileInputs,
  useAuth,
  useAuthOptions,
  useForm,
  useReturnPath,
  useServiceFeatures,
  useSession,
} from 'docusaurus-plugin-auth-service/client';

export default function AuthSignUpPage(): ReactNode {
  const session = useSession();
  const features = useServiceFeatures();
  const history = useHistory();
  const returnPath = useReturnPath();
  const [email, setEmail] = useState<string>();
  // Where the service requires a second factor, it is set up before the new account is signed in.
  const isPending = pendingFactor(session) !== undefined;
  const isMailed = email !== undefined && features?.emailVerification !== undefined;
  return (
    <AuthPage
      page="signUp"
      title={translate({
        id: 'theme.auth.signUp.title',
        message: 'Sign up',
        description: 'The heading of the sign-up page',
      })}
      description={translate({
        id: 'theme.auth.signUp.description',
        message: 'Create an account with your e-mail address.',
        description: 'The meta description of the sign-up page',
      })}
    >
      {session.status === 'signedIn' && <AuthAlreadySignedIn user={session.user} />}
      {isPending && <AuthSecondFactor onDone={() => history.replace(returnPath)} />}
      {session.status !== 'signedIn' && !isPending && !isMailed && (
        <SignUpForm onNoSession={setEmail} />
      )}
      {session.status !== 'signedIn' && !isPending && isMailed && (
        <AuthCheckMail email={email} message={confirmFirst(email)} canResend>
          <BackToSignInLink />
        </AuthCheckMail>
      )}
    </AuthPage>
  );
}

interface FormProps {
  /** The account of this address must be confirmed first. */
  readonly onNoSession: (email: string) => void;
}

function SignUpForm({ onNoSession }: FormProps): ReactNode {
  const auth = useAuth();
  const history = useHistory();
  const returnPath = useReturnPath();
  const { profileSchema } = useAuthOptions();
  const features = useServiceFeatures();
  const form = useForm(
    async (field) => {
      const outcome = await auth.signUp({
        name: field('name').trim(),
        email: field('email').trim(),
        password: field('password'),
        ...(profileSchema && {
          profile: readProfileInputs(profileFields(profileSchema, 'signUp'), field),
        }),
      });
      if (!outcome.ok && outcome.code === 'NO_SESSION_YET') onNoSession(field('email').trim());
      return outcome;
    },
    // `replace`, so that the Back button does not return to the form.
    () => history.replace(returnPath),
    (field) => ({
      name: nameError(field('name')),
      email: emailError(field('email')),
      password: newPasswordError(field('password')),
      ...(profileSchema && profileErrors(profileSchema, field)),
    }),
  );
  return (
    <AuthForm
      form={form}
      label={translate({
        id: 'theme.auth.signUp.submit',
        message: 'Sign up',
        description: 'The button of the sign-up form',
      })}
      busyLabel={translate({
        id: 'theme.auth.signUp.busy',
        message: 'Creating your account…',
        description: 'The button of the sign-up form while the request is pending',
      })}
      footer={
        <>
          <BackToSignInLink />
          {features?.socialSignUp && <AuthProviderButtons />}
        </>
      }
    >
      <AuthUserField kind="name" error={form.errors.name} />
      <AuthUserField kind="email" error={form.errors.email} />
      <AuthUserField kind="new-password" error={form.errors.password} />
      <AuthProfileFields page="signUp" errors={form.errors} />
    </AuthForm>
  );
}

/** The same for an address that has an account already: only its owner may learn that. */
const confirmFirst = (email: string) =>
  translate(
    {
      id: 'theme.auth.signUp.confirmFirst',
      message: 'A mail is on its way to {email}. Open the link in it to finish signing up.',
      description: 'After a sign-up, if the e-mail address must be confirmed first',
    },
    { email },
  );

function BackToSignInLink(): ReactNode {
  const { signInPath } = useAuthOptions();
  return (
    <AuthSwitchLink
      to={signInPath}
      question={translate({
        id: 'theme.auth.signUp.hasAccount',
        message: 'Already have an account?',
        description: 'Followed by the link to the sign-in page',
      })}
    >
      {translate({
        id: 'theme.auth.signIn.link',
        message: 'Sign in',
        description: 'The link to the sign-in page',
      })}
    </AuthSwitchLink>
  );
}
