/** The HTML that `docusaurus build` makes of the textbook: what readers without JavaScript and crawlers get. */
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';

const site = fileURLToPath(new URL('../../../examples/textbook/site/', import.meta.url));
const run = promisify(execFile);

function build(env: Record<string, string>) {
  return run('npm', ['run', 'build'], { cwd: site, env: { ...process.env, ...env } });
}

async function page(path: string): Promise<string> {
  return readFile(`${site}dist/${path}`, 'utf8');
}

beforeAll(() => build({ AUTH_URL: 'https://auth.example.com', NODE_ENV: 'production' }));

test('the sign-in page holds the form, which cannot be sent before the script is there', async () => {
  const html = await page('sign-in/index.html');
  expect(html).toMatch(/<form [^>]*method="post"/);
  expect(html).toMatch(/<label [^>]*>E-mail address<\/label>/);
  expect(html).toMatch(/<button [^>]*type="submit"[^>]*disabled/);
  expect(html).toMatch(/<noscript>.*Signing in requires JavaScript/);
});

test('each page has the way to the sign-in page for readers without JavaScript', async () => {
  for (const path of ['index.html', 'cookies/index.html', 'exercises/index.html']) {
    expect(await page(path)).toMatch(/<noscript><a [^>]*href="\/sign-in"[^>]*>Sign in<\/a>/);
  }
});

test('what is for signed-in readers is in no HTML, nor is what is for the others', async () => {
  const html = await page('exercises/index.html');
  expect(html).not.toContain('developer tools');
  expect(html).not.toContain('are for signed-in readers');
  expect(html).toMatch(/<noscript>.*Signing in requires JavaScript/);
});

test('the account page names nobody', async () => {
  const html = await page('account/index.html');
  expect(html).toContain('Loading your account');
  expect(html).not.toContain('Sign out');
});

test('BetterAuth’s client is in the scripts once', async () => {
  const files = await readdir(`${site}dist/assets/js`);
  const sources = await Promise.all(files.map((name) => page(`assets/js/${name}`)));
  expect(sources.filter((source) => source.includes('better-auth.message'))).toHaveLength(1);
});

test('a missing authUrl ends the build with one sentence that says what to write', async () => {
  const failure = await build({ AUTH_URL: '' }).catch((error: unknown) => error);
  const { stderr } = failure as { stderr: string };
  expect(stderr).toContain('docusaurus-plugin-auth-service: authUrl is missing: set it to the address');
});
