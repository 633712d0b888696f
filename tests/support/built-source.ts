/**
 * Builds the programs that tests start. The production programs are bundled as `npm run build` does, so that tests start
 * what is deployed, and a process starts in half the CPU time; `npm run dev` is compiled file by file, because the
 * embedded PostgreSQL cannot be bundled.
 */
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { writeBundle } from '../../scripts/bundle.js';
import { commands, smallCommands } from '../../scripts/commands.js';

const project = fileURLToPath(new URL('../..', import.meta.url));

/** The production entries that tests start, below src/. */
const programs = ['app', 'server', ...commands];

/**
 * @param folder a new folder, which gets `dist`, `development` and the files that the sources expect next to them
 * @returns a function that rebuilds what has changed
 */
export async function buildSource(folder: string): Promise<() => Promise<void>> {
  for (const name of ['node_modules', 'drizzle', 'package.json'])
    await symlink(join(project, name), join(folder, name));
  const build = async () => {
    await Promise.all([
      writeBundle({
        programs: Object.fromEntries(programs.map((name) => [name, `${name}.ts`])),
        folder: join(folder, 'dist'),
        loadedAtStart: { by: 'server.ts', source: 'serve.ts' },
        commands: smallCommands.map((name) => `${name}.ts`),
        chunks: 'chunks/[name]-[hash].js',
      }),
      writeModules(join(folder, 'development')),
    ]);
  };
  await build();
  return build;
}

async function writeModules(dir: string): Promise<void> {
  const build = await rolldown({
    input: { 'dev/dev': join(project, 'src/dev/dev.ts') },
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
