/** The HTML of the textbook after `docusaurus build`, as readers without JavaScript and crawlers get it. */
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';

const site = fileURLToPath(new URL('../../../examples/textbook/site/', import.meta.url));
const run = promisify(execFile);

function build(env: Record<string, string>) {
  // A cache would keep the plugin of an earlier installation.
  const uncached = { ...process.env, DOCUSAURUS_NO_PERSISTENT_CACHE: 'true' };
  return run('npm', ['run', 'build'], { cwd: site, env: { ...uncached, ...env } });
}

async function page(path: string): Promise<string> {
  return readFile(`${site}dist/${path}`, 'utf8');
}

beforeAll(() => build({ AUTH_URL: 'https://auth.example.com', NODE_ENV: 'production' }));

test('the sign-in page contains the form, which cannot be submitted before the script is loaded', async () => {
  const html = await page('sign-in/index.html');
  expect(html).toMatch(/<form [^>]*method="?post(?=["\s>])/);
  expect(html).toMatch(/<label [^>]*>E-mail address<\/label>/);
  expect(html).toMatch(/<button [^>]*type="?submit(?=["\s>])[^>]*disabled/);
  expect(html).toMatch(/<noscript>.*Signing in requires JavaScript/);
});

test('every page links to the sign-in page for readers without JavaScript', async () => {
  for (const path of ['index.html', 'cookies/index.html', 'exercises/index.html']) {
    expect(await page(path)).toMatch(
      /<noscript><a [^>]*href="?\/sign-in(?=["\s>])[^>]*>Sign in<\/a>/,
    );
  }
});

test('the HTML contains neither the content of SignedIn nor of SignedOut', async () => {
  const html = await page('exercises/index.html');
  expect(html).not.toContain('developer tools');
  expect(html).not.toContain('are for signed-in readers');
  expect(html).toMatch(/<noscript>.*Signing in requires JavaScript/);
});

test('the account page is built without a user', async () => {
  const html = await page('account/index.html');
  expect(html).toContain('Loading your account');
  expect(html).not.toContain('Sign out');
});

test('BetterAuth’s client is in the scripts once', async () => {
  const files = await readdir(`${site}dist/assets/js`);
  const sources = await Promise.all(files.map((name) => page(`assets/js/${name}`)));
  expect(sources.filter((source) => source.includes('better-auth.message'))).toHaveLength(1);
});

test('a missing authUrl ends the build with a message that shows an example', async () => {
  const failure = await build({ AUTH_URL: '' }).catch((error: unknown) => error);
  const { stderr } = failure as { stderr: string };
  expect(stderr).toContain(
    'docusaurus-plugin-auth-service: authUrl is missing: set it to the address',
  );
});
