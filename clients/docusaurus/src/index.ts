/** The plugin as Docusaurus loads it: routes, theme components, and the options handed to the pages. */
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
  const data = withBaseUrl(options, siteConfig.baseUrl);
  return {
    name: pluginName,
    getThemePath: () => './theme',
    getTypeScriptThemePath: () => '../src/theme',
    getClientModules: () => ['../auth.css', './client/register-navbar-item.js'],
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
    // Docusaurus tells several plugins of one name apart by it.
    const id = { id: options.id ?? 'default' };
    return { ...readOptions(options), ...id };
  } catch (error) {
    throw new Error(`${pluginName}: ${(error as Error).message}`, { cause: error });
  }
}

/** Every component may be wrapped or ejected: they meet in `docusaurus-plugin-auth-service/client` alone. */
export function getSwizzleConfig(): SwizzleConfig {
  const names = [
    ['AuthSignInPage', 'The page with the sign-in form'],
    ['AuthSignUpPage', 'The page with the sign-up form'],
    ['AuthAccountPage', 'The page with name, sessions and password'],
    ['AuthSessionList', 'The sessions of the account page'],
    ['AuthPasswordForm', 'The form that changes the password'],
    ['AuthPage', 'The frame around the three pages'],
    ['AuthField', 'One labelled input'],
    ['AuthSubmit', 'The button of a form'],
    ['AuthMessage', 'A sentence about what went wrong'],
    ['AuthStatus', 'A sentence about the session, where there is one'],
    ['AuthNavbarItem', 'Who is signed in, in the navbar'],
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

function withBaseUrl(options: AuthOptions, baseUrl: string): AuthOptions {
  const join = (path: string) => baseUrl.replace(/\/$/, '') + path;
  return {
    ...options,
    signInPath: join(options.signInPath),
    signUpPath: join(options.signUpPath),
    accountPath: join(options.accountPath),
    afterSignInPath: join(options.afterSignInPath),
  };
}
