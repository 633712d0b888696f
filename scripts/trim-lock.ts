/**
 * `npm run lock`: takes optional peers that are our development tools out of package-lock.json's entries. better-auth
 * names vitest and drizzle-kit so, drizzle-orm @types/pg: npm then counts them, and what they need, as wanted in
 * production as well, and `npm ci --omit=dev` installs 168 MB instead of a third. Run it after changing a dependency;
 * tests/production-install.test.ts says when it is due.
 */
import { readFile, writeFile } from 'node:fs/promises';

interface LockedPackage {
  readonly dev?: boolean;
  readonly devDependencies?: Record<string, string>;
  readonly peerDependencies?: Record<string, string>;
  readonly peerDependenciesMeta?: Record<string, { readonly optional?: boolean }>;
}

const file = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(await readFile(file, 'utf8')) as {
  packages: Record<string, LockedPackage>;
};
// ws is none of ours, but comes with them.
const tools = ['ws', ...Object.keys(lock.packages['']?.devDependencies ?? {})];

for (const [place, { dev, peerDependencies, peerDependenciesMeta }] of Object.entries(
  lock.packages,
)) {
  if (place === '' || dev === true) continue;
  for (const tool of tools) {
    if (peerDependenciesMeta?.[tool]?.optional !== true) continue;
    delete peerDependencies?.[tool];
    delete peerDependenciesMeta[tool]; // eslint-disable-line @typescript-eslint/no-dynamic-delete
  }
}
await writeFile(file, `${JSON.stringify(lock, null, 2)}\n`);
