/** The plugin as Docusaurus calls it: options, routes and build errors. */
import { readdirSync } from 'node:fs';
import type { LoadContext, PluginContentLoadedActions } from '@docusaurus/types';
import { afterEach, expect, test, vi } from 'vitest';
import authPlugin, { getSwizzleConfig, validateOptions } from '../src/index.js';

const authUrl = 'https://auth.example.com';

function load(
  options: Record<string, unknown>,
  site: { url?: string; baseUrl?: string; trailingSlash?: boolean | undefined } = {},
) {
  const siteConfig = { url: 'https://docs.example.com', baseUrl: '/', ...site };
  const context = { siteConfig } as unknown as LoadContext;
  return authPlugin(context, validateOptions({ options }));
}

async function contentOf(plugin: ReturnType<typeof load>) {
  const addRoute = vi.fn<PluginContentLoadedActions['addRoute']>();
  const setGlobalData = vi.fn();
  const actions = { addRoute, setGlobalData, createData: vi.fn() };
  await plugin.contentLoaded?.({ actions, content: undefined });
  return {
    routes: addRoute.mock.calls.map(([{ path, component }]) => [path, component]),
    data: setGlobalData.mock.calls[0]?.[0] as Record<string, unknown>,
  };
}

afterEach(() => vi.unstubAllEnvs());

test('five routes are added under the base URL of the site', async () => {
  const { routes, data } = await contentOf(
    load({ authUrl, signInPath: '/login' }, { baseUrl: '/docs/' }),
  );
  expect(routes).toEqual([
    ['/docs/login', '@theme/AuthSignInPage'],
    ['/docs/sign-up', '@theme/AuthSignUpPage'],
    ['/docs/account', '@theme/AuthAccountPage'],
    ['/docs/forgot-password', '@theme/AuthForgotPasswordPage'],
    ['/docs/auth/confirm', '@theme/AuthConfirmPage'],
  ]);
  expect(data).toMatchObject({ authUrl, signInPath: '/docs/login', afterSignInPath: '/docs/' });
});

test('options that are not set have their defaults in the pages', async () => {
  const { data } = await contentOf(load({ authUrl: `${authUrl}/` }));
  expect(data).toEqual({
    id: 'default',
    authUrl,
    signInPath: '/sign-in',
    signUpPath: '/sign-up',
    accountPath: '/account',
    forgotPasswordPath: '/forgot-password',
    confirmPath: '/auth/confirm',
    afterSignInPath: '/',
    bearerToken: 'memory',
    apiCredential: 'cookie',
    apiOrigins: [],
  });
});

test.each([
  [{}, /^docusaurus-plugin-auth-service: authUrl is missing/],
  [{ authURL: authUrl }, /Unknown option authURL: the options are authUrl, signInPath/],
  [{ authUrl, signInPath: 'login' }, /signInPath must be a path/],
  [{ authUrl, accountPath: '//evil.example' }, /accountPath must be a path/],
  [
    { authUrl, bearerToken: 'local-storage' },
    /bearerToken must be one of memory, session-storage, off/,
  ],
  [{ authUrl, apiCredential: 'token' }, /apiCredential must be one of cookie, jwt/],
  [{ authUrl, apiCredential: 'jwt' }, /list your APIs in apiOrigins/],
  [{ authUrl, apiOrigins: ['https://api.example.com/'] }, /without a trailing slash/],
  [{ authUrl, id: 'second' }, /A site has one auth service, so the plugin takes no id/],
  [{ authUrl, signUpPath: '/sign-in' }, /signInPath and signUpPath are both \/sign-in/],
  [{ authUrl, signUpPath: '/Sign-In/' }, /signInPath and signUpPath are both/],
  [{ authUrl, accountPath: '/sign-up' }, /signUpPath and accountPath are both/],
  [{ authUrl, afterSignInPath: '/sign-in' }, /signInPath and afterSignInPath are both/],
  [{ authUrl, protectedPaths: '/docs' }, /protectedPaths must be a list of paths/],
  [{ authUrl, confirmPath: '/sign-up' }, /signUpPath and confirmPath are both/],
  [{ authUrl, protectedPaths: ['/auth/**'] }, /protectedPaths covers confirmPath/],
  [{ authUrl, protectedPaths: ['/**'] }, /protectedPaths covers signInPath \(\/sign-in\)/],
])('%o is refused with a message that names the option', (options, message) => {
  expect(() => validateOptions({ options })).toThrow(message);
});

test('afterSignInPath may be the account page', () => {
  const options = { authUrl, afterSignInPath: '/account' };
  expect(() => validateOptions({ options })).not.toThrow();
});

test.each([
  [undefined, '/docs/', '/docs/sign-in', '/docs/'],
  [true, '/docs/', '/docs/sign-in/', '/docs/'],
  [false, '/docs/', '/docs/sign-in', '/docs/'],
  [true, '/', '/sign-in/', '/'],
])(
  'with trailingSlash %s and baseUrl %s the paths are %s and %s',
  async (trailingSlash, baseUrl, signInPath, afterSignInPath) => {
    const { data } = await contentOf(load({ authUrl }, { baseUrl, trailingSlash }));
    const confirmPath = signInPath.replace('sign-in', 'auth/confirm');
    expect(data).toMatchObject({ signInPath, afterSignInPath, confirmPath });
  },
);

test.each(['swizzle', 'write-translations'])('%s needs no authUrl, a build does', (command) => {
  const { argv } = process;
  process.argv = ['node', 'docusaurus', command];
  try {
    expect(() => validateOptions({ options: {} })).not.toThrow();
    expect(() => validateOptions({ options: { authUrl: 'nonsense' } })).toThrow(/not a URL/);
    process.argv = ['node', 'docusaurus', 'build'];
    expect(() => validateOptions({ options: {} })).toThrow(/authUrl is missing/);
  } finally {
    process.argv = argv;
  }
});

test('a production build refuses an authUrl that browsers block as mixed content', () => {
  vi.stubEnv('NODE_ENV', 'production');
  expect(() => load({ authUrl: 'http://auth.example.com' })).toThrow(/mixed content/);
  expect(() => load({ authUrl: 'http://localhost:3001' })).not.toThrow();
});

test('the swizzle configuration lists every theme component, and nothing else', () => {
  const files = readdirSync(new URL('../src/theme', import.meta.url));
  const components = files.map((name) => name.replace('.tsx', ''));
  expect(Object.keys(getSwizzleConfig().components).sort()).toEqual(components.sort());
});
