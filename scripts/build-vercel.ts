/** `npm run build:vercel`: bundles src/app.ts into dist/vercel. docs/performance.md has the cold start measurements. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeBundle } from './bundle.js';

const folder = fileURLToPath(new URL('../dist/vercel', import.meta.url));

/** The bundle of src/, next to the entry. */
const program = 'source';

/**
 * Vercel's builder deploys the app.js whose text imports express, from the outputDirectory in vercel.json, and traces
 * which other files to deploy: the source maps too, because they are named here.
 */
const entryWith = (maps: readonly string[]) =>
  `// The service, bundled except for native modules. The builder looks for: from "express".
// Named here to be deployed, too: a stack trace in the log needs them.
void [
${maps.map((map) => `  new URL('./${map}', import.meta.url),\n`).join('')}];
const { default: app } = await import('./${program}.js');
export default app;
`;

await rm(folder, { recursive: true, force: true });
const { maps } = await writeBundle({
  programs: { [program]: 'app.ts' },
  folder,
  chunks: '[name]-[hash].js',
});
await writeFile(join(folder, 'app.js'), entryWith(maps));
