#!/usr/bin/env node
/** `npm run pwned-list`: builds the file of `PWNED_LIST`. */
import { parseArgs } from 'node:util';
import { printable } from '../../log/printable.js';
import { buildList } from './build-list.js';

const usage = `npm run pwned-list -- INPUT OUTPUT [--at-least N]

  INPUT        a text file with lines of SHA1:COUNT, as Have I Been Pwned's downloader writes it
  OUTPUT       the file for PWNED_LIST: two bytes for each password
  --at-least   leaves out passwords that were seen less than N times (default: 1)

Exit status: 0 done, 1 not done, 2 wrong usage.
`;

try {
  const options = readOptions(process.argv.slice(2));
  if (options === undefined) {
    process.stderr.write(usage);
    process.exitCode = 2;
  } else {
    const count = await buildList(options.input, options.output, options.atLeast);
    process.stdout.write(`${count} passwords\n`);
  }
} catch (error) {
  process.stderr.write(`${printable(error instanceof Error ? error.message : String(error))}\n`);
  process.exitCode = 1;
}

/** @returns undefined for wrong usage */
function readOptions(args: string[]) {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { 'at-least': { type: 'string', default: '1' } },
    });
    const [input, output, ...more] = positionals;
    const atLeast = values['at-least'];
    if (input === undefined || output === undefined || more.length > 0) return undefined;
    return /^[1-9]\d{0,8}$/.test(atLeast) ? { input, output, atLeast: Number(atLeast) } : undefined;
  } catch {
    return undefined;
  }
}
