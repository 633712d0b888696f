/**
 * A plugin of the bundle that drops data of Express's dependencies which the service never reads: 300 kB
 * that every start would parse, a sixth of what it loads.
 */
import type { Plugin } from 'rolldown';

/** Of the media types that responses have; Express looks them up by extension. */
const extensions = ['css', 'csv', 'html', 'ico', 'js', 'json', 'png', 'svg', 'txt', 'webmanifest'];

type MediaTypes = Readonly<Record<string, { readonly extensions?: readonly string[] }>>;

function usedMediaTypes(all: MediaTypes): MediaTypes {
  const isUsed = (each: string) => extensions.includes(each);
  return Object.fromEntries(
    Object.entries(all).filter(([, type]) => type.extensions?.some(isUsed)),
  );
}

export const withoutUnusedData: Plugin = {
  name: 'without-unused-data',
  transform: {
    filter: { id: /node_modules\/(?:mime-db\/db|iconv-lite\/encodings\/tables\/.*)\.json$/ },
    handler(code, id) {
      // The encodings are for Express's body parser, which the service does not use.
      const data = id.includes('iconv-lite') ? [] : usedMediaTypes(JSON.parse(code) as MediaTypes);
      return {
        code: `module.exports = ${JSON.stringify(data)}`,
        moduleType: 'js',
        map: { mappings: '' },
      };
    },
  },
};
