/**
 * Loads node:http by `require`. An import makes every export available by its name, and thereby runs the getters of lazy
 * ones: on Node 24 it loads Node's fetch for the export `WebSocket`, which is a tenth of the time until the service listens.
 */
import { createRequire } from 'node:module';
import type { Plugin } from 'rolldown';

const id = '\0http-by-require';
const require = createRequire(import.meta.url);

export const httpByRequire: Plugin = {
  name: 'http-by-require',
  resolveId(source, _importer, { kind }) {
    return kind === 'import-statement' && /^(node:)?http$/.test(source) ? id : null;
  },
  load(loaded) {
    if (loaded !== id) return null;
    const names = eagerExports(require('node:http') as object).join(', ');
    const code = `
      import { createRequire } from 'node:module';
      const http = createRequire(import.meta.url)('node:http');
      export const { ${names} } = http;
      export default http;`;
    return { code, moduleType: 'js' };
  },
};

/** The build fails if one of the lazy exports is imported by its name. */
function eagerExports(module: object): string[] {
  return Object.entries(Object.getOwnPropertyDescriptors(module))
    .filter(([, descriptor]) => descriptor.get === undefined)
    .map(([name]) => name);
}
