/** Argument check for commands without arguments: `--help` or a mistake prints the usage and runs nothing. */

/**
 * Prints the usage if there is any argument and sets the exit status: 0 for `--help`, 2 for anything else.
 * @returns whether there are no arguments, so that the command may run
 */
export function hasNoArguments(usage: string, args = process.argv.slice(2)): boolean {
  if (args.length === 0) return true;
  const isHelp = args.length === 1 && ['--help', '-h'].includes(args[0] ?? '');
  if (isHelp) process.stdout.write(usage);
  else process.stderr.write(`this command takes no arguments: nothing was done\n\n${usage}`);
  process.exitCode = isHelp ? 0 : 2;
  return false;
}
