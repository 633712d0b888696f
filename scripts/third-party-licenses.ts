/**
 * The licences of the packages whose code a bundle contains: MIT and BSD require their notice in every copy, Apache 2.0
 * its text.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
}

/**
 * @param moduleIds of the bundle
 * @throws Error for a package that names no licence
 */
export async function thirdPartyLicenses(moduleIds: Iterable<string>): Promise<string> {
  const folders = new Set<string>();
  for (const id of moduleIds) {
    const folder = packageFolderOf(id);
    if (folder !== undefined) folders.add(folder);
  }
  const notices = await Promise.all([...folders].map(readNotice));
  return notices.sort((a, b) => a.localeCompare(b, 'en')).join(`\n${'-'.repeat(80)}\n\n`);
}

/** The folder of the package that the module belongs to; undefined for a module of this repository. */
function packageFolderOf(id: string): string | undefined {
  return /^\0?(?:.*:)?(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id)?.[1];
}

async function readNotice(folder: string): Promise<string> {
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest;
  const { name, version, license } = manifest;
  if (license === undefined) throw new Error(`${name} names no licence`);
  const files = (await readdir(folder)).filter((file) => /^(licen[cs]e|notice)/i.test(file));
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  return [`${name} ${version} (${license})\n`, ...texts].join('\n');
}
