/**
 * Names the sources of bundled code in stack traces. Node does the same with --enable-source-maps, but it reads every map
 * when it loads the code: a quarter of the CPU time of a start on Node 24. Here a map is read with the first error.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { SourceMap, type SourceMapping, type SourceMapPayload } from 'node:module';
import { fileURLToPath } from 'node:url';

/** The bundle has its chunks in one folder; entries only load them. */
const folder = new URL('.', import.meta.url);

/**
 * @param chunks URL of the folder with the maps. No other file is read: text that looks like a frame may come from a
 *   request.
 */
export function createSourcePositions(chunks: URL = folder) {
  const maps = new Map<string, SourceMap>();
  let mapped: ReadonlySet<string> | undefined;

  function mapOf(url: string): SourceMap | undefined {
    mapped ??= filesWithMap(chunks);
    if (mapped.has(url) && !maps.has(url)) maps.set(url, readMap(`${url}.map`));
    return maps.get(url);
  }

  /**
   * @param frame of a stack, such as `at serve (file:///srv/dist/chunks/service-1.js:1:2345)`
   * @returns it with the file, line and column of the source; the same if there is no map, or none for this position
   */
  return function withSourcePosition(frame: string): string {
    const [position, url = '', line, column] = /(file:\/\/\S+\.js):(\d+):(\d+)/.exec(frame) ?? [];
    if (position === undefined) return frame;
    try {
      // Code of packages has a position without a source.
      const found: Partial<SourceMapping> =
        mapOf(url)?.findEntry(Number(line) - 1, Number(column) - 1) ?? {};
      const { originalSource, originalLine = 0, originalColumn = 0 } = found;
      if (originalSource === undefined) return frame;
      const source = fileURLToPath(new URL(originalSource, url));
      return frame.replace(position, () => `${source}:${originalLine + 1}:${originalColumn + 1}`);
    } catch {
      return frame; // an unreadable map must not hide the error that is described
    }
  };
}

export const withSourcePosition = createSourcePositions();

function filesWithMap(chunks: URL): ReadonlySet<string> {
  const names = readdirSync(chunks).filter((name) => name.endsWith('.js.map'));
  return new Set(names.map((name) => new URL(name.slice(0, -'.map'.length), chunks).href));
}

function readMap(url: string): SourceMap {
  return new SourceMap(JSON.parse(readFileSync(new URL(url), 'utf8')) as SourceMapPayload);
}
