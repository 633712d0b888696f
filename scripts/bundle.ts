/**
 * `npm run build:vercel`: src/app.ts and what it needs as a few files in dist/vercel, because a cold start spends its
 * time on finding, reading and compiling a thousand modules. The tables of README's "Cold start" measure it.
 */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

/** As deep as src/db and dist/db: paths like ../../drizzle then lead to the same place. */
const folder = fileURLToPath(new URL('../dist/vercel', import.meta.url));

/** The file beside the entry that holds src/ and all that is loaded at every start. */
const bundle = 'service.js';

/**
 * The builder deploys the app.js whose text imports express, in the folder that vercel.json calls outputDirectory,
 * and traces from it what else to deploy: the map too, because it is named here.
 */
const entry = `// The service, with everything bundled but native modules; from "express" comes the app.
const map = new URL('./${bundle}.map', import.meta.url);
process.setSourceMapsEnabled(map.protocol === 'file:'); // before the bundle loads: its stack traces name src/
const { default: app } = await import('./${bundle}');
export default app;
`;

await rm(folder, { recursive: true, force: true });
const build = await rolldown({
  input: { service: fileURLToPath(new URL('../src/app.ts', import.meta.url)) },
  platform: 'node',
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
await build.write({
  dir: folder,
  format: 'esm',
  entryFileNames: '[name].js',
  chunkFileNames: 'chunks/[name]-[hash].js',
  sourcemap: true,
  // Names stay: they are what a stack trace shows of the modules that have no map.
  minify: { mangle: false, compress: true, codegen: { removeWhitespace: true } },
});
await build.close();
await writeFile(join(folder, 'app.js'), entry);
