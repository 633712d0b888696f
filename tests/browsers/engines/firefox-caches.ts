/** What a new profile of Firefox spends half of its start on: the compiled scripts of its own interface, made once for a run. */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import puppeteer from 'puppeteer-core';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    /** A profile that has been started once. */
    firefoxCaches: string;
  }
}

export const firefoxPath = '/usr/bin/firefox-esr';

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'auth-service-firefox-'));
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: firefoxPath,
    headless: true,
    userDataDir: folder,
  });
  await browser.newPage();
  await browser.close();
  project.provide('firefoxCaches', folder);
  return () => rm(folder, { recursive: true, force: true });
}

/** A profile with the caches and nothing else of the first one: neither cookies nor settings. */
export async function newProfile(caches: string): Promise<string> {
  const profile = await mkdtemp(join(tmpdir(), 'auth-service-firefox-'));
  // Firefox drops the caches of a profile without the file that says which version wrote them.
  for (const name of ['startupCache', 'compatibility.ini'])
    await cp(join(caches, name), join(profile, name), { recursive: true });
  return profile;
}
