/**
 * Stores compiled code in the folder `compile-cache` next to the bundle (Node 22.10 and later), so that the next start
 * does not compile it again. Not in a temporary folder: any account that can write there could run code in this process, while
 * write access to this folder means write access to the bundle. Where it cannot be written, Node continues without it.
 */
import * as nodeModule from 'node:module';
import { fileURLToPath } from 'node:url';

/** Missing in the types and in the module of older versions. */
interface CompileCacheFunctions {
  readonly enableCompileCache?: (folder: string) => unknown;
  readonly flushCompileCache?: () => void;
}

const functions = nodeModule as CompileCacheFunctions;

/** @param bundle URL of a file of the bundle; modules loaded from now on are cached */
export function enableCompileCache(bundle: string): void {
  // Sources are compiled by tsx, which has a cache of its own.
  if (bundle.endsWith('.ts')) return;
  functions.enableCompileCache?.(fileURLToPath(new URL('compile-cache', bundle)));
}

/** Writes it now: at exit Node would, but not when the process is killed. */
export function flushCompileCache(): void {
  functions.flushCompileCache?.();
}
