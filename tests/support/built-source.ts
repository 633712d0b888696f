/** Compiles src/ to JavaScript, file by file, so that test processes start in half a second instead of three with tsx. */
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const project = fileURLToPath(new URL('../..', import.meta.url));

/** The entries that tests start, below src/. */
const programs = [
  'app',
  'server',
  'db/migrate-command',
  'db/sweep-command',
  'dev/dev',
  'operator/user',
];

/**
 * @param folder a new folder, which gets `dist` and the files that the sources expect next to them
 * @returns a function that rebuilds what has changed
 */
export async function buildSource(folder: string): Promise<() => Promise<void>> {
  for (const name of ['node_modules', 'drizzle', 'package.json'])
    await symlink(join(project, name), join(folder, name));
  const bundle = () => writeModules(join(folder, 'dist'));
  await bundle();
  return bundle;
}

async function writeModules(dir: string): Promise<void> {
  const build = await rolldown({
    input: Object.fromEntries(programs.map((name) => [name, join(project, `src/${name}.ts`)])),
    platform: 'node',
    external: /^[^./]/, // packages, by name
    treeshake: false,
  });
  await build.write({
    dir,
    format: 'esm',
    preserveModules: true,
    preserveModulesRoot: join(project, 'src'),
    entryFileNames: '[name].js',
    sourcemap: true,
  });
  await build.close();
}
