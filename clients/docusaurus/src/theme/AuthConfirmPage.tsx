/**
 * The page that mailed links lead to. It never redirects and sends no Referer, and its address loses the token before
 * anything else happens. A token is redeemed by a POST: mail scanners follow links.
 */
import { useState, type ReactNode } from 'react';
import Head from '@docusaurus/Head';
import Translate, { translate } from '@docusaurus/Translate';
import useIsBrowser from '@docusaurus/useIsBrowser';
import AuthAlreadySignedIn from '@theme/AuthAlreadySignedIn';
import AuthConfirmChange from '@theme/AuthConfirmChange';
import AuthConfirmEmail from '@theme/AuthConfirmEmail';
import AuthMagicLink from '@theme/AuthMagicLink';
import AuthPage from '@theme/AuthPage';
import AuthRedeemed from '@theme/AuthRedeemed';
import AuthResetPassword from '@theme/AuthResetPassword';
import {
  isChangePurpose,
  mailedLinks,
  takeLinkScript,
  useMailedLink,
  useSession,
  type MailedLink,
  type Redeemed,
} from 'docusaurus-plugin-auth-service/client';

export default function AuthConfirmPage(): ReactNode {
  const link = useMailedLink();
  const [done, setDone] = useState<{ purpose: MailedLink['purpose']; redeemed: Redeemed }>();
  const purpose = link?.purpose ?? done?.purpose;
  return (
    <>
      <Head>
        <script>{takeLinkScript}</script>
        <meta name="referrer" content="no-referrer" />
      </Head>
      <AuthPage page="confirm" title={titleOf(purpose)} description={titleOf(undefined)}>
        {link && <Redeem key={link.token} link={link} onRedeemed={onRedeemed} />}
        {!link && done && <AuthRedeemed {...done} />}
        {!link && !done && <NoLink />}
      </AuthPage>
    </>
  );

  function onRedeemed(redeemed: Redeemed): void {
    if (link) setDone({ purpose: link.purpose, redeemed });
    mailedLinks.clear();
  }
}

interface RedeemProps {
  readonly link: MailedLink;
  readonly onRedeemed: (redeemed: Redeemed) => void;
}

function Redeem({ link, onRedeemed }: RedeemProps): ReactNode {
  const { purpose, token } = link;
  if (isChangePurpose(purpose)) return <AuthConfirmChange {...{ purpose, token, onRedeemed }} />;
  const Form = forms[purpose];
  return <Form token={token} onRedeemed={onRedeemed} />;
}

const forms = {
  verify_email: AuthConfirmEmail,
  reset_password: AuthResetPassword,
  magic_link: AuthMagicLink,
};

/** After a reload the token is gone: a visitor who is signed in has nothing left to do. */
function NoLink(): ReactNode {
  const session = useSession();
  const isBrowser = useIsBrowser();
  if (!isBrowser || session.status === 'loading') return null;
  if (session.status === 'signedIn') return <AuthAlreadySignedIn user={session.user} />;
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

function titleOf(purpose: MailedLink['purpose'] | undefined): string {
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
      return translate({
        id: 'theme.auth.magicLink.title',
        message: 'Sign in',
        description: 'The heading of the page that signs in with a magic link',
      });
    case undefined:
      return translate({
        id: 'theme.auth.confirm.titleWithoutLink',
        message: 'Confirmation',
        description: 'The heading of the page for mailed links if it was opened without one',
      });
  }
}

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
