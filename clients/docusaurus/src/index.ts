/** The plugin as Docusaurus loads it: routes, theme components, and the options passed to the pages. */
import { fileURLToPath } from 'node:url';
import type { LoadContext, Plugin, SwizzleConfig } from '@docusaurus/types';
import { isMixedContent } from './auth-url.js';
import { readOptions, type AuthOptions } from './options.js';

export type { AuthPluginOptions } from './options.js';
export type { ProfileField, ProfileSchema } from './profile-schema.js';

const pluginName = 'docusaurus-plugin-auth-service';

/** `plugins: [['docusaurus-plugin-auth-service', { authUrl }]]` */
export default function authPlugin(context: LoadContext, options: AuthOptions): Plugin {
  const { siteConfig } = context;
  if (process.env.NODE_ENV === 'production' && isMixedContent(siteConfig.url, options.authUrl)) {
    throw new Error(
      `${pluginName}: authUrl begins with http:// and this site (${siteConfig.url}) with https://: ` +
        'browsers block such calls as mixed content. Serve the auth service over https.',
    );
  }
  const data = withBaseUrl(options, siteConfig);
  return {
    name: pluginName,
    getThemePath: () => './theme',
    getTypeScriptThemePath: () => '../src/theme',
    // `write-translations` searches these paths for texts to translate, and finds those of the client nowhere else.
    getPathsToWatch: () => [fileURLToPath(new URL('./client', import.meta.url))],
    getClientModules: () => [
      './client/mailed-link.js', // the first: a token leaves the address before anything else runs
      '../auth.css',
      './client/register-navbar-item.js',
      './client/register-page-frame.js',
    ],
    configureWebpack: (config) => ({ resolve: { alias: wrapTableOfContents(config) } }),
    contentLoaded({ actions }) {
      actions.setGlobalData(data);
      const pages = {
        [data.signInPath]: '@theme/AuthSignInPage',
        [data.signUpPath]: '@theme/AuthSignUpPage',
        [data.accountPath]: '@theme/AuthAccountPage',
        [data.forgotPasswordPath]: '@theme/AuthForgotPasswordPage',
        [data.confirmPath]: '@theme/AuthConfirmPage',
      };
      for (const [path, component] of Object.entries(pages)) {
        actions.addRoute({ path, component, exact: true });
      }
    },
  };
}

export function validateOptions({ options }: { options: Record<string, unknown> }): AuthOptions {
  try {
    const { id = 'default' } = options;
    if (id !== 'default') {
      throw new Error(
        'A site has one auth service, so the plugin takes no id and is listed once in docusaurus.config.',
      );
    }
    return { ...readOptions(withAuthUrl(options)), id: 'default' } as AuthOptions;
  } catch (error) {
    throw new Error(`${pluginName}: ${(error as Error).message}`, { cause: error });
  }
}

/** `swizzle` and `write-translations` build nothing, and often run where the variable with the address is not set. */
function withAuthUrl(options: Record<string, unknown>): Record<string, unknown> {
  const commandsWithoutUrl = ['swizzle', 'write-translations', 'write-heading-ids'];
  if (options.authUrl || !process.argv.slice(2).some((word) => commandsWithoutUrl.includes(word)))
    return options;
  return { ...options, authUrl: 'https://auth.invalid' };
}

/**
 * Wraps the site's own table of contents, which may be swizzled: a theme component of the same name would replace it, or
 * be replaced by a theme that is loaded later.
 */
function wrapTableOfContents({
  resolve,
}: {
  resolve?: { alias?: unknown };
}): Record<string, string> {
  const name = '@theme/TOCItems/Tree';
  const original = (resolve?.alias as Record<string, unknown> | undefined)?.[name];
  if (typeof original !== 'string') return {}; // not the classic theme
  const own = fileURLToPath(new URL('./client/toc-tree.jsx', import.meta.url));
  return { [name]: own, '@auth-service/original-toc-tree': original };
}

/** Every component may be wrapped or ejected: they share only `docusaurus-plugin-auth-service/client`. */
export function getSwizzleConfig(): SwizzleConfig {
  const names = [
    ['AuthSignInPage', 'The page with the sign-in form'],
    ['AuthSignUpPage', 'The page with the sign-up form'],
    ['AuthAccountPage', 'The page with name, sessions and password'],
    ['AuthForgotPasswordPage', 'The page that mails a link to choose a new password'],
    ['AuthForgotPasswordLink', 'The link to that page, where the service can send mail'],
    ['AuthConfirmPage', 'The page that finishes mailed links'],
    ['AuthConfirmEmail', 'Confirms an e-mail address with a mailed link'],
    ['AuthResetPassword', 'The form that chooses a new password with a mailed link'],
    ['AuthSignInByMail', 'Signs in with a mailed link or code instead of a password'],
    ['AuthMagicLink', 'Signs in with a magic link'],
    ['AuthConfirmChange', 'The button that finishes a mailed link which changes the account'],
    ['AuthNoticeBar', 'A notice at the bottom of the page'],
    ['AuthPasswordAdvice', 'The advice to change a breached password'],
    ['AuthSecondFactor', 'The step after the first factor of a sign-in'],
    ['AuthVerifyFactor', 'Finishes a sign-in with a code or a passkey'],
    ['AuthTotpEnrolment', 'Sets up an authenticator app'],
    ['AuthBackupCodes', 'The backup codes, with buttons to copy and download them'],
    ['AuthCodeField', 'The field for a code of an authenticator app or a backup code'],
    ['AuthCheckbox', 'One checkbox with its label'],
    ['AuthPasskeySignIn', 'The button that signs in with a passkey'],
    ['AuthAccountFactors', 'The second factor and the passkeys on the account page'],
    ['AuthSecondFactorSettings', 'The second factor on the account page'],
    ['AuthTrustedDevices', 'The browsers that are not asked for the second factor'],
    ['AuthPasskeys', 'The passkeys on the account page'],
    ['AuthPasskeyLine', 'One passkey of that list'],
    ['AuthAddPasskey', 'The button that creates a passkey'],
    ['AuthListButton', 'A button of one entry of a list'],
    ['AuthStepUp', 'The dialog that asks for a new proof before a sensitive action'],
    ['AuthStepUpForm', 'The form of that dialog'],
    ['AuthProviderButtons', 'The buttons that sign in with a provider'],
    ['AuthProviderMark', 'The mark of a provider'],
    ['AuthRedirect', 'Finishes a visit to a provider'],
    ['AuthRedirectRefused', 'Why a visit to a provider signed nobody in, and the next steps'],
    ['AuthNextSteps', 'The next steps after a visit to a provider that signed nobody in'],
    ['AuthProviderProof', 'Proves an e-mail address that the provider does not vouch for'],
    ['AuthConfirmProvider', 'Finishes a sign-in with a provider by a mailed link'],
    ['AuthLinkedProviders', 'The list of providers on the account page'],
    ['AuthLinkedProvider', 'One provider of that list'],
    ['AuthLinkRefused', 'Why a mailed link cannot be redeemed, and the next step'],
    ['AuthRedeemed', 'Shown after a mailed link was redeemed'],
    ['AuthCheckMail', 'Says that a mail with a link was sent, with a button to send another'],
    ['AuthResendMail', 'The button that sends the mail with the confirmation link again'],
    ['AuthHeader', 'Empty by default: above the heading of the pages, for a logo'],
    ['AuthFooter', 'Empty by default: below the pages, for terms of use'],
    ['AuthAlreadySignedIn', 'Shown on the sign-in and sign-up pages to a visitor who is signed in'],
    ['AuthForm', 'The frame of a form: errors, success message and button'],
    ['AuthUserField', 'The name, e-mail address or password field of a user'],
    ['AuthSwitchLink', 'The link between the sign-in and sign-up pages'],
    ['AuthDialogButton', 'A button that opens a confirmation dialog'],
    ['AuthNameForm', 'The form that changes the name'],
    ['AuthEmailForm', 'The form that changes the e-mail address'],
    ['AuthProfileForm', 'The form that changes the profile fields'],
    ['AuthProfileFields', 'The inputs of the profile fields'],
    ['AuthDeleteAccount', 'The button that deletes the account, with its confirmation dialog'],
    ['AuthSignOut', 'The button that signs out this browser'],
    [
      'AuthSignOutEverywhere',
      'The button that signs out every device, with its confirmation dialog',
    ],
    ['AuthSignInAgain', 'The button that signs in again when a sign-in is too old'],
    ['AuthSessionLine', 'One session of the list'],
    ['AuthPasswordHint', 'The requirements of a new password'],
    ['AuthPasswordToggle', 'The button that shows a password'],
    ['AuthDialog', 'A confirmation dialog'],
    ['AuthFailure', 'The error of a form or a list, with a countdown after Retry-After'],
    ['AuthUserMenu', 'The menu behind the name in the navbar'],
    ['AuthUserLinks', 'The items of that menu'],
    ['AuthSessionList', 'The sessions of the account page'],
    ['AuthPasswordForm', 'The form that changes the password'],
    ['AuthPage', 'The frame around the pages'],
    ['AuthField', 'One labelled input'],
    ['AuthSubmit', 'The button of a form'],
    ['AuthMessage', 'An error or success message'],
    ['AuthStatus', 'A notice about the session, if there is one'],
    ['AuthNavbarItem', 'The navbar item: the user menu or a link to the sign-in page'],
    ['AuthRequired', 'The placeholder of a protected page until the session is known'],
    ['SignInLink', 'A link to the sign-in page that returns to this page'],
    ['SignedIn', 'Shows its children to signed-in readers'],
    ['SignedOut', 'Shows its children to signed-out readers'],
  ] as const;
  const actions = { eject: 'safe', wrap: 'safe' } as const;
  return {
    components: Object.fromEntries(
      names.map(([name, description]) => [name, { actions, description }]),
    ),
  };
}

/** The way Docusaurus itself builds the paths of pages: `trailingSlash` undefined leaves a path unchanged. */
function withBaseUrl(
  options: AuthOptions,
  { baseUrl, trailingSlash }: Pick<LoadContext['siteConfig'], 'baseUrl' | 'trailingSlash'>,
): AuthOptions {
  const join = (path: string) => {
    const joined = baseUrl.replace(/\/$/, '') + path;
    if (trailingSlash === undefined || joined === baseUrl) return joined;
    const bare = joined.replace(/\/+$/, '');
    return trailingSlash ? `${bare}/` : bare;
  };
  return {
    ...options,
    signInPath: join(options.signInPath),
    signUpPath: join(options.signUpPath),
    accountPath: join(options.accountPath),
    forgotPasswordPath: join(options.forgotPasswordPath),
    confirmPath: join(options.confirmPath),
    afterSignInPath: join(options.afterSignInPath),
  };
}
