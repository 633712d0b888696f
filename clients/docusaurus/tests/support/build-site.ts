/** A small site in a temporary folder, built by Docusaurus with the plugin that is installed in the textbook. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const textbook = fileURLToPath(new URL('../../../../examples/textbook/site/', import.meta.url));
const run = promisify(execFile);

export interface Site {
  readonly folder: string;
  /** Runs one command of Docusaurus. @throws with `stdout` and `stderr` where it fails */
  readonly docusaurus: (...args: string[]) => Promise<{ stdout: string; stderr: string }>;
  /** A file of the site, built or not. */
  readonly read: (path: string) => Promise<string>;
  readonly remove: () => Promise<void>;
}

export interface SiteOptions {
  /** Of the plugin; without it, the site has none. */
  readonly auth?: object | readonly object[];
  /** Overrides the defaults of docusaurus.config. */
  readonly config?: object;
  /** By path, like `docs/intro.mdx`. */
  readonly files?: Readonly<Record<string, string>>;
}

export async function createSite({ auth, config = {}, files = {} }: SiteOptions): Promise<Site> {
  const folder = await mkdtemp(join(tmpdir(), 'auth-site-'));
  const instances = auth === undefined ? [] : [auth].flat();
  const siteConfig = {
    title: 'A site',
    url: 'https://docs.example.com',
    baseUrl: '/',
    onBrokenLinks: 'ignore',
    plugins: [
      ['@docusaurus/plugin-content-docs', { routeBasePath: 'docs' }],
      '@docusaurus/plugin-content-pages',
      ...instances.map((options) => ['docusaurus-plugin-auth-service', options]),
    ],
    themes: ['@docusaurus/theme-classic'],
    ...config,
  };
  const all = {
    'package.json': '{ "private": true }',
    'docusaurus.config.mjs': `export default ${JSON.stringify(siteConfig)};`,
    'docs/intro.md': '# Introduction\n',
    'src/pages/index.md': '# Home\n',
    ...files,
  };
  for (const [path, text] of Object.entries(all)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  await symlink(join(textbook, 'node_modules'), join(folder, 'node_modules'));
  const program = join(textbook, 'node_modules/@docusaurus/core/bin/docusaurus.mjs');
  return {
    folder,
    docusaurus: (...args) =>
      run(process.execPath, [program, ...args], {
        cwd: folder,
        env: {
          ...process.env,
          NODE_ENV: 'production',
          NO_UPDATE_NOTIFIER: '1',
          // The cache is in node_modules, which all sites share.
          DOCUSAURUS_NO_PERSISTENT_CACHE: 'true',
        },
      }),
    read: (path) => readFile(join(folder, path), 'utf8'),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
