/**
 * Programs of src/ as a few files: a start spends its time on finding, reading and compiling a thousand modules. Native
 * modules stay outside, because they look for their binary beside themselves.
 */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

export interface Bundle {
  /** Each program's file below `folder`, without its extension, and its source below src/. */
  readonly programs: Readonly<Record<string, string>>;
  /** A source that a program imports dynamically, though at every start. */
  readonly loadedAtStart?: string;
  readonly folder: string;
  /** Pattern for all other files. They lie as deep as src/db does: ../../drizzle then leads to the same place. */
  readonly chunks: string;
}

interface ModuleGraph {
  getModuleInfo(id: string): { readonly importedIds: readonly string[] } | null;
}

/** @returns the names of the source maps, which exist for src/ alone */
export async function writeBundle(bundle: Bundle): Promise<string[]> {
  const { programs, loadedAtStart, folder, chunks } = bundle;
  const input = Object.fromEntries(
    Object.entries(programs).map(([name, source]) => [name, pathOf(source)]),
  );
  const roots = Object.values(input);
  if (loadedAtStart !== undefined) roots.push(pathOf(loadedAtStart));
  const isStatic = createStaticCheck(roots);
  const build = await rolldown({
    input,
    platform: 'node',
    preserveEntrySignatures: 'allow-extension', // what codeSplitting below asks for
    external: ['@node-rs/argon2'],
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
    chunkFileNames: chunks,
    // A file with a map is measured line by line when it loads, so the packages, which have none, are files of their own.
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
  const names = output.map(({ fileName }) => fileName);
  const unmapped = output
    .filter((file) => file.type === 'chunk' && file.name === 'packages')
    .map(({ fileName }) => fileName);
  for (const name of unmapped) await removeMap(join(folder, name));
  return names.filter((name) => name.endsWith('.map') && !unmapped.includes(name.slice(0, -4)));
}

function pathOf(source: string): string {
  return fileURLToPath(new URL(`../src/${source}`, import.meta.url));
}

/** Whether a module of a package is loaded at every start, and not only when a dynamic import asks for it. */
function createStaticCheck(roots: readonly string[]) {
  let reached: Set<string> | undefined;
  return function isStatic(id: string, graph: ModuleGraph): boolean {
    if (reached === undefined) {
      reached = new Set(roots);
      // A set goes on through what is added meanwhile.
      for (const each of reached) {
        for (const imported of graph.getModuleInfo(each)?.importedIds ?? []) reached.add(imported);
      }
    }
    return id.includes('node_modules') && reached.has(id);
  };
}

/** Takes the map away that was written for all files alike. */
async function removeMap(file: string): Promise<void> {
  const code = await readFile(file, 'utf8');
  await writeFile(file, code.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n'));
  await rm(`${file}.map`);
}
