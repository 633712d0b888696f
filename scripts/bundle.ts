/**
 * Bundles programs of src/ into a few files, because most of the startup time is spent on finding, reading and
 * compiling a thousand modules. Native modules are not bundled, because they load their binary from their own folder.
 */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { httpByRequire } from './http-by-require.js';
import { loadedWith } from './module-graph.js';
import { withoutUnusedData } from './without-unused-data.js';

export interface Bundle {
  /** Each program's file below `folder`, without its extension, and its source below src/. */
  readonly programs: Readonly<Record<string, string>>;
  /** A source that a program imports dynamically, but at every start: what that program imports itself runs before it. */
  readonly loadedAtStart?: { readonly by: string; readonly source: string };
  /** Sources of programs that load less than two thirds of what a start loads: what they load is in files of its own. */
  readonly commands?: readonly string[];
  readonly folder: string;
  /** Pattern for all other files. Must have the depth of src/db, so that ../../drizzle is the same folder. */
  readonly chunks: string;
  /** Sources below src/ that are replaced, and the absolute path of what replaces each. */
  readonly replaced?: Readonly<Record<string, string>>;
}

export interface WrittenBundle {
  /** File names of the source maps, which only exist for src/. */
  readonly maps: readonly string[];
  /** Absolute paths of the modules whose code it contains. */
  readonly moduleIds: readonly string[];
}

export async function writeBundle(bundle: Bundle): Promise<WrittenBundle> {
  const { programs, loadedAtStart, commands = [], folder, chunks, replaced = {} } = bundle;
  const replacements = new Map(
    Object.entries(replaced).map(([source, file]) => [pathOf(source), file]),
  );
  const input = Object.fromEntries(
    Object.entries(programs).map(([name, source]) => [name, pathOf(source)]),
  );
  const roots = Object.values(input);
  const start = loadedAtStart ? [pathOf(loadedAtStart.source)] : roots;
  const isStatic = loadedWith([...roots, ...start]);
  const isOfService = loadedWith(start);
  const isBefore = loadedWith(loadedAtStart ? [pathOf(loadedAtStart.by)] : []);
  const isOfCommands = loadedWith(commands.map(pathOf));
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
        // A map of all modules has four megabytes, and the first error waits until it is read: only map our own.
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
    // Four files for the service instead of a hundred small ones, each of which has to be resolved, read and linked; two
    // of them suffice for most commands. Packages are in files of their own, which have no map.
    codeSplitting: {
      includeDependenciesRecursively: false,
      groups: [
        {
          debugName: 'by what loads a module',
          name(id, graph) {
            if (isPackage(id)) {
              if (!isStatic(id, graph)) return null;
              if (!isOfService(id, graph)) return 'packages-of-commands';
              return isOfCommands(id, graph) ? 'packages-shared' : 'packages';
            }
            if (!isOfService(id, graph) || isBefore(id, graph)) return null;
            return isOfCommands(id, graph) ? 'shared' : 'service';
          },
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

/** Removes the source map of a file; rolldown writes one for every file. */
async function removeMap(file: string): Promise<void> {
  const code = await readFile(file, 'utf8');
  await writeFile(file, code.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n'));
  await rm(`${file}.map`);
}

/** Removes the sources from a map: file names and lines are enough for a stack trace. */
async function removeSources(file: string): Promise<void> {
  const map = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
  await writeFile(file, JSON.stringify({ ...map, sourcesContent: undefined }));
}
