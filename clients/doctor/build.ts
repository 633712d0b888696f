/**
 * `npm run build`: bundles src/doctor.ts, with the service's modules that src/service.ts names, into one file that needs
 * nothing of the repository. In the doctor's own package dependencies stay imports, so that they are installed and
 * audited as packages; the service's build passes --bundle-packages, because its production install has none of them.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { rolldown } from 'rolldown';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { 'bundle-packages': { type: 'boolean', default: false } },
});
const [folder = 'dist'] = positionals;
const build = await rolldown({
  input: { doctor: fileURLToPath(new URL('src/doctor.ts', import.meta.url)) },
  platform: 'node',
  external: values['bundle-packages'] ? [] : /^[^./]/,
});
await build.write({ dir: folder, format: 'esm', entryFileNames: '[name].js', sourcemap: true });
await build.close();
