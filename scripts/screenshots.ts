/**
 * `npm run docs:images`: takes the pictures in docs/images from the textbook of a running `npm run demo`, in Chromium
 * (CHROMIUM is its path). Signs a user up, and deletes it afterwards.
 */
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const site = 'http://localhost:3000';
const service = 'http://localhost:3001';
const password = 'correct horse battery';
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
try {
  const page = await browser.newPage({
    viewport: { width: 1100, height: 600 },
    colorScheme: 'light',
    locale: 'en-US',
  });
  const picture = (name: string) =>
    page.screenshot({
      path: fileURLToPath(new URL(`../docs/images/${name}.png`, import.meta.url)),
      animations: 'disabled',
      caret: 'hide',
    });

  await page.goto(`${site}/sign-up?from=/exercises`);
  await page.getByLabel('Name').fill('Ada Lovelace');
  await page.getByLabel('E-mail address').fill('ada@example.com');
  await page.getByLabel('Password', { exact: true }).fill(password);
  await picture('sign-up');

  await page.locator('main').getByRole('button', { name: 'Sign up' }).click();
  await page.getByRole('button', { name: 'Ask the private route' }).click();
  await page.getByText('"reader"').waitFor();
  await picture('chapter');

  await page.goto(`${site}/account`);
  await page.getByText('Change your password').waitFor();
  await picture('account');

  await page.evaluate(
    async ([url = '', body = '']) => {
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(url, { method: 'POST', credentials: 'include', headers, body });
      if (!response.ok) throw new Error(`the user was not deleted: ${response.status}`);
    },
    [`${service}/api/auth/delete-user`, JSON.stringify({ password })],
  );
} finally {
  await browser.close();
}
