/** Parses the arguments of a command. */
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { UsageError } from './usage-error.js';

type OptionsConfig = NonNullable<ParseArgsConfig['options']>;
const help = { type: 'boolean', short: 'h' } as const;

/**
 * @param options in addition to `--help`
 * @returns undefined if help is requested
 * @throws UsageError
 */
export function parseOptions<const Options extends OptionsConfig>(
  args: readonly string[],
  options: Options,
) {
  try {
    const parsed = parseArgs({
      args: [...args],
      strict: true,
      allowPositionals: true,
      options: { ...options, help },
    });
    return 'help' in parsed.values ? undefined : parsed;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : 'cannot be read');
  }
}

/**
 * For commands without arguments.
 * @returns undefined if help is requested
 * @throws UsageError
 */
export function readNoOptions(args: readonly string[]): object | undefined {
  if (args.length === 0) return {};
  if (args.length === 1 && ['--help', '-h'].includes(args[0] ?? '')) return undefined;
  throw new UsageError('this command takes no arguments: nothing was done');
}
