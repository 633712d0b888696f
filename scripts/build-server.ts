/**
 * `npm run build`: bundles the server and its commands into dist/, for any Node host; only needs the native hashes of
 * @node-rs at run time.
 */
import { chmod, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeBundle } from './bundle.js';
import { commands, smallCommands } from './commands.js';
import { thirdPartyLicenses } from './third-party-licenses.js';

const folder = fileURLToPath(new URL('../dist', import.meta.url));
const programs = ['server', ...commands];

for (const name of await readdir(folder).catch(() => [])) {
  if (name !== 'vercel') await rm(join(folder, name), { recursive: true });
}
const { moduleIds } = await writeBundle({
  programs: Object.fromEntries(programs.map((name) => [name, `${name}.ts`])),
  folder,
  loadedAtStart: { by: 'server.ts', source: 'serve.ts' },
  commands: smallCommands.map((name) => `${name}.ts`),
  chunks: 'chunks/[name]-[hash].js',
});
for (const name of programs) await chmod(join(folder, `${name}.js`), 0o755);
await writeFile(join(folder, 'THIRD-PARTY-LICENSES.txt'), await thirdPartyLicenses(moduleIds));
