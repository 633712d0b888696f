/**
 * Names the sources of bundled code in stack traces. Node does the same with --enable-source-maps, but it reads every map
 * when it loads the code: a quarter of the CPU time of a start on Node 24. Here a map is read with the first error.
 */
import { readFileSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { fileURLToPath } from 'node:url';

/** Only maps of this bundle are read: text that looks like a frame may come from a request. */
const bundle = new URL('..', import.meta.url).href;

/** By the URL of the file that the map is for. */
const maps = new Map<string, nodeModule.SourceMap>();

/**
 * @param frame of a stack, such as `at serve (file:///srv/dist/chunks/service-1.js:1:2345)`
 * @returns it with the file, line and column of the source; the same if there is no map
 */
export function withSourcePosition(frame: string): string {
  const [position, url = '', line, column] = /(file:\/\/\S+\.js):(\d+):(\d+)/.exec(frame) ?? [];
  const entry = mapOf(url)?.findEntry(Number(line) - 1, Number(column) - 1);
  if (position === undefined || entry === undefined || !('originalSource' in entry)) return frame;
  const { originalSource, originalLine, originalColumn } = entry;
  const source = fileURLToPath(new URL(originalSource, url));
  return frame.replace(position, `${source}:${originalLine + 1}:${originalColumn + 1}`);
}

function mapOf(url: string): nodeModule.SourceMap | undefined {
  if (!url.startsWith(bundle)) return undefined;
  const known = maps.get(url);
  if (known !== undefined) return known;
  try {
    const text = readFileSync(new URL(`${url}.map`), 'utf8');
    const map = new nodeModule.SourceMap(JSON.parse(text) as nodeModule.SourceMapPayload);
    maps.set(url, map);
    return map;
  } catch {
    return undefined; // none, or unreadable: the frame names the bundle
  }
}
