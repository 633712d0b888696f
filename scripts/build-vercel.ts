/** `npm run build:vercel`: src/app.ts and all that it needs in dist/vercel. docs/performance.md measures the cold start. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeBundle } from './bundle.js';

const folder = fileURLToPath(new URL('../dist/vercel', import.meta.url));

/** The file beside the entry that holds src/. */
const program = 'source';

/**
 * The builder deploys the app.js whose text imports express, in the folder that vercel.json calls outputDirectory,
 * and traces from it what else to deploy: the maps too, because they are named here.
 */
const entryWith = (maps: readonly string[]) =>
  `// The service, with everything bundled but native modules; from "express" comes the app.
const maps = [
${maps.map((map) => `  new URL('./${map}', import.meta.url),\n`).join('')}];
process.setSourceMapsEnabled(maps[0].protocol === 'file:'); // before the bundle loads: its stack traces name src/
const { default: app } = await import('./${program}.js');
export default app;
`;

await rm(folder, { recursive: true, force: true });
const maps = await writeBundle({
  programs: { [program]: 'app.ts' },
  folder,
  chunks: '[name]-[hash].js',
});
await writeFile(join(folder, 'app.js'), entryWith(maps));
