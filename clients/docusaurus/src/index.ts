/** The plugin as Docusaurus loads it: routes, theme components, and the options handed to the pages. */
import { fileURLToPath } from 'node:url';
import type { LoadContext, Plugin, SwizzleConfig } from '@docusaurus/types';
import { isMixedContent } from './auth-url.js';
import { readOptions, type AuthOptions } from './options.js';

export type { AuthPluginOptions } from './options.js';

const pluginName = 'docusaurus-plugin-auth-service';

/** `plugins: [['docusaurus-plugin-auth-service', { authUrl }]]` */
export default function authPlugin(context: LoadContext, options: AuthOptions): Plugin {
  const { siteConfig } = context;
  if (process.env.NODE_ENV === 'production' && isMixedContent(siteConfig.url, options.authUrl)) {
    throw new Error(
      `${pluginName}: authUrl begins with http:// and this site (${siteConfig.url}) with https://: ` +
        'browsers block such calls as mixed content. Give the auth service https.',
    );
  }
  const data = withBaseUrl(options, siteConfig);
  return {
    name: pluginName,
    getThemePath: () => './theme',
    getTypeScriptThemePath: () => '../src/theme',
    // Docusaurus looks here for texts to translate, too: `write-translations` has no other way to find them.
    getPathsToWatch: () => [fileURLToPath(new URL('./client', import.meta.url))],
    getClientModules: () => [
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
        'There is one auth service for a site, so the plugin takes no id and is listed once in docusaurus.config.',
      );
    }
    return { ...readOptions(withAuthUrl(options)), id: 'default' } as AuthOptions;
  } catch (error) {
    throw new Error(`${pluginName}: ${(error as Error).message}`, { cause: error });
  }
}

/** `swizzle` and `write-translations` build nothing, and run where the variable with the address may not be set. */
function withAuthUrl(options: Record<string, unknown>): Record<string, unknown> {
  const needsNone = ['swizzle', 'write-translations', 'write-heading-ids'];
  if (options.authUrl || !process.argv.slice(2).some((word) => needsNone.includes(word)))
    return options;
  return { ...options, authUrl: 'https://auth.invalid' };
}

/**
 * Puts our table of contents around the site's own, whoever made that: a theme component of the same name would take
 * the place of a swizzled one, or lose its own to a theme that is loaded later.
 */
function wrapTableOfContents({
  resolve,
}: {
  resolve?: { alias?: unknown };
}): Record<string, string> {
  const name = '@theme/TOCItems/Tree';
  const original = (resolve?.alias as Record<string, unknown> | undefined)?.[name];
  if (typeof original !== 'string') return {}; // another theme than classic
  const own = fileURLToPath(new URL('./client/toc-tree.jsx', import.meta.url));
  return { [name]: own, '@auth-service/original-toc-tree': original };
}

/** Every component may be wrapped or ejected: they meet in `docusaurus-plugin-auth-service/client` alone. */
export function getSwizzleConfig(): SwizzleConfig {
  const names = [
    ['AuthSignInPage', 'The page with the sign-in form'],
    ['AuthSignUpPage', 'The page with the sign-up form'],
    ['AuthAccountPage', 'The page with name, sessions and password'],
    ['AuthHeader', 'Empty: above the heading of the three pages, for a logo'],
    ['AuthFooter', 'Empty: below the three pages, for terms of use'],
    ['AuthAlreadySignedIn', 'What the forms’ pages say to whoever is signed in'],
    ['AuthNameForm', 'The form that changes the name'],
    ['AuthDeleteAccount', 'The button that deletes the account, and its question'],
    ['AuthSignOut', 'The button that signs out this browser'],
    ['AuthSignOutEverywhere', 'The button that signs out every device, and its question'],
    ['AuthSignInAgain', 'The way out where a sign-in is too old'],
    ['AuthSessionLine', 'One session of the list'],
    ['AuthPasswordHint', 'What a new password needs'],
    ['AuthPasswordToggle', 'The button that shows a password'],
    ['AuthDialog', 'A question before what cannot be taken back'],
    ['AuthFailure', 'Why the service refused, with a countdown where it names a time'],
    ['AuthUserMenu', 'The menu behind the name in the navbar'],
    ['AuthUserLinks', 'The items of that menu'],
    ['AuthSessionList', 'The sessions of the account page'],
    ['AuthPasswordForm', 'The form that changes the password'],
    ['AuthPage', 'The frame around the three pages'],
    ['AuthField', 'One labelled input'],
    ['AuthSubmit', 'The button of a form'],
    ['AuthMessage', 'A sentence about what went wrong'],
    ['AuthStatus', 'A sentence about the session, where there is one'],
    ['AuthNavbarItem', 'Who is signed in, in the navbar'],
    ['AuthRequired', 'What a page for signed-in readers shows until it is known who reads'],
    ['SignInLink', 'A link to the sign-in page that leads back here'],
    ['SignedIn', 'Shows its children to signed-in readers'],
    ['SignedOut', 'Shows its children to everybody else'],
  ] as const;
  const actions = { eject: 'safe', wrap: 'safe' } as const;
  return {
    components: Object.fromEntries(
      names.map(([name, description]) => [name, { actions, description }]),
    ),
  };
}

/** As Docusaurus itself forms the addresses of the pages: `trailingSlash` undefined leaves a path as it is. */
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
    afterSignInPath: join(options.afterSignInPath),
  };
}
