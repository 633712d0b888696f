/**
 * Bundles programs of src/ into a few files, because most of the startup time is spent on finding, reading and
 * compiling a thousand modules. Native modules are not bundled, because they load their binary from their own folder.
 */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { httpByRequire } from './http-by-require.js';
import { withoutUnusedData } from './without-unused-data.js';

export interface Bundle {
  /** Each program's file below `folder`, without its extension, and its source below src/. */
  readonly programs: Readonly<Record<string, string>>;
  /** A source that a program imports dynamically, but at every start: what that program imports itself runs before it. */
  readonly loadedAtStart?: { readonly by: string; readonly source: string };
  readonly folder: string;
  /** Pattern for all other files. Must have the depth of src/db, so that ../../drizzle is the same folder. */
  readonly chunks: string;
  /** Sources below src/ that are replaced, and the absolute path of what replaces each. */
  readonly replaced?: Readonly<Record<string, string>>;
}

interface ModuleGraph {
  getModuleInfo(id: string): { readonly importedIds: readonly string[] } | null;
}

export interface WrittenBundle {
  /** File names of the source maps, which only exist for src/. */
  readonly maps: readonly string[];
  /** Absolute paths of the modules whose code it contains. */
  readonly moduleIds: readonly string[];
}

export async function writeBundle(bundle: Bundle): Promise<WrittenBundle> {
  const { programs, loadedAtStart, folder, chunks, replaced = {} } = bundle;
  const replacements = new Map(
    Object.entries(replaced).map(([source, file]) => [pathOf(source), file]),
  );
  const input = Object.fromEntries(
    Object.entries(programs).map(([name, source]) => [name, pathOf(source)]),
  );
  const roots = Object.values(input);
  const start = loadedAtStart ? [pathOf(loadedAtStart.source)] : roots;
  const isStatic = createStaticCheck([...roots, ...start]);
  const isOfService = createStaticCheck(start);
  const isBefore = createStaticCheck(loadedAtStart ? [pathOf(loadedAtStart.by)] : []);
  const build = await rolldown({
    input,
    platform: 'node',
    preserveEntrySignatures: 'allow-extension', // required by codeSplitting below
    external: ['@node-rs/argon2', '@node-rs/bcrypt'],
    plugins: [
      {
        name: 'replaced-sources',
        async resolveId(source, importer, options) {
          const resolved = await this.resolve(source, importer, { ...options, skipSelf: true });
          return replacements.get(resolved?.id ?? '') ?? resolved;
        },
      },
      {
        // Source maps are read at every start, and a map of all modules has four megabytes: only map our own.
        name: 'no-maps-of-packages',
        transform: {
          filter: { id: /node_modules/ },
          handler: (code) => ({ code, map: { mappings: '' } }),
        },
      },
      withoutUnusedData,
      httpByRequire,
      {
        // pg constructs a Response to detect Cloudflare Workers, for which Node 20 loads its fetch: 15 of 190 ms.
        name: 'no-cloudflare-detection',
        transform: {
          filter: { id: /node_modules\/pg\/lib\/stream\.js$/ },
          handler(code) {
            const condition = 'if (isCloudflareRuntime())';
            if (!code.includes(condition)) this.error('pg detects Cloudflare Workers differently');
            return { code: code.replace(condition, 'if (false)'), map: { mappings: '' } };
          },
        },
      },
    ],
  });
  const { output } = await build.write({
    dir: folder,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: chunks,
    // Two files for the service instead of a hundred small ones, each of which has to be resolved, read and linked. Node
    // scans the lines of a file with a map when loading it, so packages, which have no map, are in a file of their own.
    codeSplitting: {
      includeDependenciesRecursively: false,
      groups: [
        {
          debugName: 'packages',
          name: (id, graph) => (isPackage(id) && isOfService(id, graph) ? 'packages' : null),
        },
        {
          debugName: 'packages-of-commands',
          name: (id, graph) =>
            isPackage(id) && isStatic(id, graph) ? 'packages-of-commands' : null,
        },
        {
          debugName: 'service',
          name: (id, graph) =>
            !isPackage(id) && isOfService(id, graph) && !isBefore(id, graph) ? 'service' : null,
        },
      ],
    },
    sourcemap: true,
    // Keeps names, for stack traces of modules without a map.
    minify: { mangle: false, compress: true, codegen: { removeWhitespace: true } },
  });
  await build.close();
  const names = output.map(({ fileName }) => fileName);
  const unmapped = output
    .filter((file) => file.type === 'chunk' && file.name.startsWith('packages'))
    .map(({ fileName }) => fileName);
  for (const name of unmapped) await removeMap(join(folder, name));
  const maps = names.filter(
    (name) => name.endsWith('.map') && !unmapped.includes(name.slice(0, -4)),
  );
  for (const name of maps) await removeSources(join(folder, name));
  return {
    maps,
    moduleIds: output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : [])),
  };
}

function isPackage(id: string): boolean {
  return id.includes('node_modules');
}

function pathOf(source: string): string {
  return fileURLToPath(new URL(`../src/${source}`, import.meta.url));
}

/** Whether a module is loaded with one of these, and not only when a dynamic import asks for it. */
function createStaticCheck(roots: readonly string[]) {
  let reached: Set<string> | undefined;
  return function isStatic(id: string, graph: ModuleGraph): boolean {
    if (reached === undefined) {
      reached = new Set(roots);
      // Iterating over a set includes entries added meanwhile.
      for (const each of reached) {
        for (const imported of graph.getModuleInfo(each)?.importedIds ?? []) reached.add(imported);
      }
    }
    return reached.has(id);
  };
}

/** Removes the source map of a file; rolldown writes one for every file. */
async function removeMap(file: string): Promise<void> {
  const code = await readFile(file, 'utf8');
  await writeFile(file, code.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n'));
  await rm(`${file}.map`);
}

/** Removes the sources from a map: file names and lines are enough for a stack trace, and every start reads the map. */
async function removeSources(file: string): Promise<void> {
  const map = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
  await writeFile(file, JSON.stringify({ ...map, sourcesContent: undefined }));
}
