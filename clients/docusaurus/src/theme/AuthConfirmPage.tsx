/**
 * The page that mailed links and visits to a provider lead to. It sends no Referer, never redirects before a token or code
 * is redeemed, and its address loses both before anything else happens. They are redeemed by a POST: mail scanners follow
 * links.
 */
import { useState, type ReactNode } from 'react';
import Head from '@docusaurus/Head';
import Translate, { translate } from '@docusaurus/Translate';
import useIsBrowser from '@docusaurus/useIsBrowser';
import AuthAlreadySignedIn from '@theme/AuthAlreadySignedIn';
import AuthConfirmChange from '@theme/AuthConfirmChange';
import AuthConfirmEmail from '@theme/AuthConfirmEmail';
import AuthConfirmProvider from '@theme/AuthConfirmProvider';
import AuthMagicLink from '@theme/AuthMagicLink';
import AuthPage from '@theme/AuthPage';
import AuthRedeemed from '@theme/AuthRedeemed';
import AuthRedirect from '@theme/AuthRedirect';
import AuthRedirectRefused from '@theme/AuthRedirectRefused';
import AuthResetPassword from '@theme/AuthResetPassword';
import AuthSecondFactor from '@theme/AuthSecondFactor';
import {
  isChangePurpose,
  mailedLinks,
  pendingFactor,
  takeLinkScript,
  useFinishRedirect,
  useMailedLink,
  useRedirectSignIn,
  useSession,
  type MailedLink,
  type Redeemed,
  type RedirectResult,
} from 'docusaurus-plugin-auth-service/client';

export default function AuthConfirmPage(): ReactNode {
  const link = useMailedLink();
  const [done, setDone] = useState<{ purpose: MailedLink['purpose']; redeemed: Redeemed }>();
  const isLinking = useRedirectSignIn().current()?.purpose === 'link';
  const purpose = link?.purpose ?? done?.purpose;
  const title = link && isResult(link) && isLinking ? linkTitle() : titleOf(purpose);
  return (
    <>
      <Head>
        <script>{takeLinkScript}</script>
        <meta name="referrer" content="no-referrer" />
      </Head>
      <AuthPage page="confirm" title={title} description={titleOf(undefined)}>
        {link && <Redeem key={link.token} link={link} onRedeemed={onRedeemed} />}
        {!link && done && <AuthRedeemed {...done} />}
        {!link && !done && <NoLink />}
      </AuthPage>
    </>
  );

  function onRedeemed(redeemed: Redeemed): void {
    if (link && !isResult(link)) setDone({ purpose: link.purpose, redeemed });
    mailedLinks.clear();
  }
}

interface RedeemProps {
  readonly link: MailedLink | RedirectResult;
  readonly onRedeemed: (redeemed: Redeemed) => void;
}

function Redeem({ link, onRedeemed }: RedeemProps): ReactNode {
  if (isResult(link)) return <AuthRedirect result={link} />;
  const { purpose, token } = link;
  if (purpose === 'confirm_provider') return <AuthConfirmProvider token={token} />;
  if (isChangePurpose(purpose)) return <AuthConfirmChange {...{ purpose, token, onRedeemed }} />;
  const Form = forms[purpose];
  return <Form token={token} onRedeemed={onRedeemed} />;
}

const forms = {
  verify_email: AuthConfirmEmail,
  reset_password: AuthResetPassword,
  magic_link: AuthMagicLink,
};

function isResult(link: MailedLink | RedirectResult): link is RedirectResult {
  return link.purpose === 'auth_code' || link.purpose === 'auth_error';
}

/** After a reload the token is gone: a visitor who is signed in has nothing left to do. */
function NoLink(): ReactNode {
  const session = useSession();
  const isBrowser = useIsBrowser();
  const redirect = useRedirectSignIn();
  const finish = useFinishRedirect();
  // What this tab started, if it was a visit to a provider.
  const finishFlow = () => finish(redirect.finish()?.path);
  if (!isBrowser || session.status === 'loading') return null;
  if (session.status === 'signedIn') return <AuthAlreadySignedIn user={session.user} />;
  if (pendingFactor(session)) return <AuthSecondFactor onDone={finishFlow} />;
  if (redirect.current()) return <AuthRedirectRefused reason={undefined} />;
  return (
    <p>
      <Translate
        id="theme.auth.confirm.noLink"
        description="If the page for mailed links was opened without one, or reloaded"
      >
        This page finishes links from mails. Open the link in the mail again.
      </Translate>
    </p>
  );
}

function titleOf(purpose: (MailedLink | RedirectResult)['purpose'] | undefined): string {
  if (purpose !== undefined && isChangePurpose(purpose)) return changeTitles[purpose]();
  switch (purpose) {
    case 'verify_email':
      return translate({
        id: 'theme.auth.confirm.title',
        message: 'Confirm your e-mail address',
        description: 'The heading of the page that confirms an e-mail address',
      });
    case 'reset_password':
      return translate({
        id: 'theme.auth.reset.title',
        message: 'Choose a new password',
        description: 'The heading of the page that replaces a forgotten password',
      });
    case 'magic_link':
    case 'confirm_provider':
    case 'auth_code':
    case 'auth_error':
      return translate({
        id: 'theme.auth.magicLink.title',
        message: 'Sign in',
        description:
          'The heading of the page that signs in with a magic link, or after a visit to a provider',
      });
    case undefined:
      return translate({
        id: 'theme.auth.confirm.titleWithoutLink',
        message: 'Confirmation',
        description: 'The heading of the page for mailed links if it was opened without one',
      });
  }
}

const linkTitle = () =>
  translate({
    id: 'theme.auth.providers.linkTitle',
    message: 'Link an account',
    description: 'The heading of the page that finishes linking a provider to the account',
  });

const changeTitles = {
  change_email: () =>
    translate({
      id: 'theme.auth.changeEmail.title',
      message: 'Use this e-mail address',
      description: 'The heading of the page that finishes a change of the e-mail address',
    }),
  undo_change: () =>
    translate({
      id: 'theme.auth.undoChange.title',
      message: 'Undo the change of your e-mail address',
      description: 'The heading of the page that undoes a change of the e-mail address',
    }),
  not_me: () =>
    translate({
      id: 'theme.auth.notMe.title',
      message: 'That was not you?',
      description: 'The heading of the page of the link "That was not me" in a security notice',
    }),
  delete_account: () =>
    translate({
      id: 'theme.auth.deleteByMail.title',
      message: 'Delete your account',
      description: 'The heading of the page that deletes an account with a mailed link',
    }),
};
