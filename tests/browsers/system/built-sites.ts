/**
 * The example's site, built once for each of the topologies' settings, because a build takes 15 seconds of processor time.
 * It contains placeholders for the URLs, and each system gets a copy with its own URLs.
 */
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inject } from 'vitest';
import type { TestProject } from 'vitest/node';
import { spawnCommand } from '../../support/spawned.js';
import { topologies, type Topology } from './topology.js';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The folder of the built site for each combination of settings. */
    builtSites: Record<string, string>;
  }
}

export interface SiteUrls {
  readonly site: string;
  readonly auth: string;
  readonly api: string;
}

const sources = fileURLToPath(new URL('../../../examples/textbook/site', import.meta.url));
/** The build also contains the API's origin without the path. */
const apiOrigin = 'https://api.placeholder.test';
const placeholders: SiteUrls = {
  site: 'https://site.placeholder.test',
  auth: 'https://auth.placeholder.test',
  api: `${apiOrigin}/placeholder`,
};

const settingsOf = ({ site }: Topology) => JSON.stringify(site);

/** Vitest's global setup. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'auth-service-sites-'));
  const builds = new Map(topologies.map((topology) => [settingsOf(topology), topology.site]));
  const built = [...builds].map(async ([settings, variables], index) => {
    const site = join(folder, String(index));
    // A shared folder would give one of the sites that are built at the same time the settings of another.
    await build(site, variables, join('.docusaurus', `browser-tests-${index}`));
    return [settings, site] as const;
  });
  project.provide('builtSites', Object.fromEntries(await Promise.all(built)));
  return () => rm(folder, { recursive: true, force: true });
}

/** @param generated the folder of the files that Docusaurus generates first, relative to the sources */
async function build(
  folder: string,
  variables: Readonly<Record<string, string>>,
  generated: string,
): Promise<void> {
  const env = {
    HOME: process.env.HOME,
    SITE_URL: placeholders.site,
    AUTH_URL: placeholders.auth,
    API_URL: placeholders.api,
    ...variables,
    DOCUSAURUS_GENERATED_FILES_DIR_NAME: generated,
    DOCUSAURUS_NO_PERSISTENT_CACHE: 'true',
  };
  const docusaurus = join(sources, 'node_modules/.bin/docusaurus');
  const command = spawnCommand(docusaurus, ['build', '--out-dir', folder], { cwd: sources, env });
  const status = await command.exit;
  await rm(join(sources, generated), { recursive: true, force: true });
  if (status !== 0)
    throw new Error(`the site was not built: ${command.stdout()}${command.stderr()}`);
}

/** Writes the site for this topology and these URLs into a new folder. */
export async function copySite(folder: string, topology: Topology, urls: SiteUrls): Promise<void> {
  const built = inject('builtSites')[settingsOf(topology)];
  if (built === undefined) throw new Error(`no site was built for ${topology.name}`);
  await cp(built, folder, { recursive: true });
  const replacements = [
    [placeholders.site, urls.site],
    [placeholders.auth, urls.auth],
    [placeholders.api, urls.api],
    [apiOrigin, new URL(urls.api).origin],
  ] as const;
  const used = new Set<string>();
  for (const file of await readdir(folder, { recursive: true })) {
    if (!textFiles.has(extname(file))) continue;
    let text = await readFile(join(folder, file), 'utf8');
    for (const [placeholder, url] of replacements) {
      if (text.includes(placeholder)) used.add(placeholder);
      text = text.replaceAll(placeholder, url);
    }
    if (text.includes('placeholder.test')) throw new Error(`${file} contains a placeholder`);
    await writeFile(join(folder, file), text);
  }
  if (used.size < replacements.length)
    throw new Error(`the site only contains ${[...used].join(', ')}`);
}

const textFiles = new Set(['.html', '.js', '.json', '.xml']);
