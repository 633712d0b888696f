/** Docusaurus's commands on a site with the plugin: translations, swizzling, option errors and bundle size. */
import { gzipSync } from 'node:zlib';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { createSite, type Site, type SiteOptions } from './support/build-site.js';

const auth = { authUrl: 'https://auth.example.com' };
/** As if the environment variable with the address were not set. */
const withoutUrl = { authUrl: '' };

const sites: Site[] = [];
afterEach(async () => {
  for (const site of sites.splice(0)) await site.remove();
});

async function open(options: SiteOptions): Promise<Site> {
  const site = await createSite(options);
  sites.push(site);
  return site;
}

async function failureOf(options: SiteOptions): Promise<string> {
  const { docusaurus } = await open(options);
  const failure = (await docusaurus('build').catch((error: unknown) => error)) as {
    stderr: string;
  };
  return failure.stderr;
}

const minutes = 300_000;

test(
  'write-translations finds the texts of the components and of the client, without authUrl',
  { timeout: minutes },
  async () => {
    const site = await open({
      auth: withoutUrl,
      config: { i18n: { defaultLocale: 'en', locales: ['en', 'fr'] } },
    });
    await site.docusaurus('write-translations', '--locale', 'fr');
    const code = JSON.parse(await site.read('i18n/fr/code.json')) as Record<
      string,
      { message: string; description?: string }
    >;
    // Translators see the texts without the page around them.
    const undescribed = Object.entries(code).filter(
      ([id, { description }]) => id.startsWith('theme.auth.') && !description,
    );
    expect(undescribed.map(([id]) => id)).toEqual([]);
    const messageOf = (id: string) => code[id]?.message;
    expect(messageOf('theme.auth.fault.wrongCredentials')).toBe(
      'The e-mail address or the password is wrong.',
    );
    expect(messageOf('theme.auth.session.timeout')).toMatch(/not known whether you are signed in/);
    expect(messageOf('theme.auth.bearer.untilReload')).toContain('{host}');
    expect(messageOf('theme.auth.required.title')).toBe('For signed-in readers');
    expect(messageOf('theme.auth.signInLink')).toBe('Sign in');
  },
);

test('swizzle ejects a component without authUrl', { timeout: minutes }, async () => {
  const site = await open({ auth: withoutUrl });
  const name = 'docusaurus-plugin-auth-service';
  await site.docusaurus('swizzle', name, 'SignInLink', '--eject', '--typescript');
  expect(await site.read('src/theme/SignInLink.tsx')).toContain('useSignInPath');
});

test.each([
  ['an id', { ...auth, id: 'second' }, /takes no id and is listed once/],
  ['two instances', [auth, { ...auth, id: 'second' }], /takes no id and is listed once/],
  [
    'two pages at one path',
    { ...auth, signUpPath: '/sign-in' },
    /signInPath and signUpPath are both/,
  ],
  ['no address', withoutUrl, /authUrl is missing/],
])(
  '%s stops a build with one message, before anything is built',
  { timeout: minutes },
  async (_what, options, message) => {
    const stderr = await failureOf({ auth: options });
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain('static site generation');
  },
);

/** The compressed size of the scripts of the home page. */
async function scriptBytes({ folder, read }: Site): Promise<number> {
  const html = await read('build/index.html');
  const names = new Set(
    Array.from(html.matchAll(/\/assets\/js\/([\w.-]+\.js)/g), ([, name]) => name),
  );
  const files = await readdir(join(folder, 'build/assets/js'));
  const loaded = files.filter((name) => names.has(name));
  const sources = await Promise.all(
    loaded.map((name) => readFile(join(folder, 'build/assets/js', name))),
  );
  return sources.reduce((sum, source) => sum + gzipSync(source).length, 0);
}

test(
  'the plugin adds at most 36.5 kB to what a page loads, compressed',
  { timeout: 2 * minutes },
  async () => {
    const navbar = { items: [{ type: 'custom-authNavbarItem' }] };
    // By Rspack, in a fifth of the time. The site of site.test.ts is built by webpack, as by default.
    const future = { v4: true, faster: true };
    const [without, withAuth] = [
      await open({ config: { future } }),
      await open({ auth, config: { future, themeConfig: { navbar } } }),
    ];
    await without.docusaurus('build');
    await withAuth.docusaurus('build');
    const growth = (await scriptBytes(withAuth)) - (await scriptBytes(without));
    expect(growth).toBeGreaterThan(5_000); // or the plugin is missing
    expect(growth).toBeLessThan(36_500);
  },
);
