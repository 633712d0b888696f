/** A site with a base URL, two locales and trailing slashes, built by Docusaurus with webpack, its default. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSite, type Site } from './support/build-site.js';

const members = `---
title: The members' page
description: For members.
---

import SignedIn from '@theme/SignedIn';

# The members' page

This text is not public.
`;

const guide = `import SignedIn from '@theme/SignedIn';
import SignedOut from '@theme/SignedOut';
import SignInLink from '@theme/SignInLink';

# Guide

<SignInLink>Come in</SignInLink>

## For everybody

<SignedIn>

## For members only

Text.

### A part of it

</SignedIn>
<SignedOut>

## For visitors only

</SignedOut>

## The end
`;

let site: Site;
beforeAll(async () => {
  site = await createSite({
    auth: { authUrl: 'https://auth.example.com', protectedPaths: ['/docs/members/**'] },
    config: {
      baseUrl: '/book/',
      trailingSlash: true,
      i18n: { defaultLocale: 'en', locales: ['en', 'de'] },
      themeConfig: {
        navbar: {
          items: [
            { type: 'custom-authNavbarItem', position: 'right' },
            { type: 'dropdown', label: 'More', items: [{ type: 'custom-authNavbarItem' }] },
          ],
        },
      },
    },
    files: {
      'docs/guide.mdx': guide,
      'docs/members/notes.mdx': members,
      'i18n/de/code.json': JSON.stringify({
        'theme.auth.required.title': { message: 'Für angemeldete Leser' },
        'theme.auth.required.checking': { message: 'Es wird nachgesehen …' },
      }),
    },
  });
  await site.docusaurus('build');
});
afterAll(() => site.remove());

test('the pages are under the base URL of each locale', async () => {
  for (const base of ['', 'de/']) {
    for (const path of ['sign-in', 'sign-up', 'account', 'forgot-password', 'auth/confirm']) {
      expect(await site.read(`build/${base}${path}/index.html`)).toContain('noindex');
    }
    const html = await site.read(`build/${base}docs/guide/index.html`);
    expect(html).toContain(`href="/book/${base}sign-in/"`);
  }
});

test('the page of mailed links takes the token before its scripts load, and sends no Referer', async () => {
  for (const base of ['', 'de/']) {
    const html = await site.read(`build/${base}auth/confirm/index.html`);
    expect(html).toMatch(/<meta [^>]*name="referrer" content="no-referrer"/);
    const script = html.indexOf('window.authServiceLink=');
    expect(script).toBeGreaterThan(0);
    expect(script).toBeLessThan(html.indexOf('<script src='));
  }
  expect(await site.read('build/sign-in/index.html')).not.toContain('authServiceLink');
});

test('only these pages are noindex', async () => {
  expect(await site.read('build/docs/guide/index.html')).not.toContain('noindex');
  expect(await site.read('build/index.html')).not.toContain('noindex');
});

test('a protected page has none of its text in the HTML, in any locale', async () => {
  const [english, german] = await Promise.all([
    site.read('build/docs/members/notes/index.html'),
    site.read('build/de/docs/members/notes/index.html'),
  ]);
  for (const html of [english, german]) {
    expect(html).not.toContain('not public');
    expect(html).not.toContain('For members.');
    expect(html).toContain('noindex');
    expect(html).toMatch(/<noscript>.*Signing in requires JavaScript/);
  }
  expect(english).toContain('Checking whether you are signed in');
  expect(german).toContain('Es wird nachgesehen …');
});

test('the table of contents has only the headings that signed-out readers see too', async () => {
  const html = await site.read('build/docs/guide/index.html');
  const links = [...html.matchAll(/href="#([\w-]+)"[^>]*class="table-of-contents__link/g)];
  expect(links.map(([, id]) => id)).toEqual(['for-everybody', 'the-end']);
  expect(html).not.toMatch(/members only|visitors only|part of it/);
});

test('in a navbar dropdown the item is an entry of the list', async () => {
  const html = await site.read('build/index.html');
  expect(html).toMatch(
    /<ul class="dropdown__menu"><li><a [^>]*class="dropdown__link"[^>]*>Sign in<\/a><span role="status"[^>]*><\/span><\/li><\/ul>/,
  );
});
