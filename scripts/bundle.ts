/**
 * `npm run build:vercel`: src/app.ts and what it needs as a few files in dist/vercel, because a cold start spends its
 * time on finding, reading and compiling a thousand modules. The tables of README's "Cold start" measure it.
 */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

/** As deep as src/db and dist/db: paths like ../../drizzle then lead to the same place. */
const folder = fileURLToPath(new URL('../dist/vercel', import.meta.url));

/** The file beside the entry that holds src/, and the one for the packages that are loaded at every start. */
const source = 'source.js';
const packages = 'packages.js';

/**
 * The builder deploys the app.js whose text imports express, in the folder that vercel.json calls outputDirectory,
 * and traces from it what else to deploy: the maps too, because they are named here.
 */
const entryWith = (maps: readonly string[]) =>
  `// The service, with everything bundled but native modules; from "express" comes the app.
const maps = [
${maps.map((map) => `  new URL('./${map}', import.meta.url),\n`).join('')}];
process.setSourceMapsEnabled(maps[0].protocol === 'file:'); // before the bundle loads: its stack traces name src/
const { default: app } = await import('./${source}');
export default app;
`;

const main = fileURLToPath(new URL('../src/app.ts', import.meta.url));

interface ModuleGraph {
  getModuleInfo(id: string): { readonly importedIds: readonly string[] } | null;
}

/** Whether a module of a package is loaded at every start, and not only when a dynamic import asks for it. */
function createStaticCheck() {
  let reached: Set<string> | undefined;
  return function isStatic(id: string, graph: ModuleGraph): boolean {
    if (reached === undefined) {
      reached = new Set([main]);
      // A set goes on through what is added meanwhile.
      for (const each of reached) {
        for (const imported of graph.getModuleInfo(each)?.importedIds ?? []) reached.add(imported);
      }
    }
    return id.includes('node_modules') && reached.has(id);
  };
}

const isStatic = createStaticCheck();
await rm(folder, { recursive: true, force: true });
const build = await rolldown({
  input: { source: main },
  platform: 'node',
  preserveEntrySignatures: 'allow-extension', // what codeSplitting below asks for
  external: ['@node-rs/argon2'], // it looks for its binary beside itself
  plugins: [
    {
      // A map is read at every start, and one of all modules is four megabytes: ours alone are mapped.
      name: 'no-maps-of-packages',
      transform: {
        filter: { id: /node_modules/ },
        handler: (code) => ({ code, map: { mappings: '' } }),
      },
    },
  ],
});
const { output } = await build.write({
  dir: folder,
  format: 'esm',
  entryFileNames: '[name].js',
  chunkFileNames: ({ name }) => (name === 'packages' ? packages : 'chunks/[name]-[hash].js'),
  // A file with a map is measured line by line when it loads, so the packages, which have none, stand apart.
  codeSplitting: {
    includeDependenciesRecursively: false,
    groups: [
      { debugName: 'packages', name: (id, graph) => (isStatic(id, graph) ? 'packages' : null) },
    ],
  },
  sourcemap: true,
  // Names stay: they are what a stack trace shows of the modules that have no map.
  minify: { mangle: false, compress: true, codegen: { removeWhitespace: true } },
});
await build.close();
await withoutMap(join(folder, packages));
const maps = output.map(({ fileName }) => fileName).filter((name) => name.endsWith('.map'));
await writeFile(join(folder, 'app.js'), entryWith(maps.filter((map) => map !== `${packages}.map`)));

/** Takes the map away that was written for all files alike. */
async function withoutMap(file: string): Promise<void> {
  const code = await readFile(file, 'utf8');
  await writeFile(file, code.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n'));
  await rm(`${file}.map`);
}
