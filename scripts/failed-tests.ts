/**
 * Prints the failures of a vitest JSON report, one line per failed test and per file that does not load; CI counts
 * them.
 */
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    /** Why the file failed to load, if none of its tests ran. */
    readonly message: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

const [path = ''] = process.argv.slice(2);
const { testResults } = JSON.parse(readFileSync(path, 'utf8')) as Report;
for (const { name, status, message, assertionResults } of testResults) {
  const file = relative(process.cwd(), name);
  const failed = assertionResults.filter((test) => test.status === 'failed');
  for (const { fullName, failureMessages } of failed)
    print(`${file}: ${oneLine(fullName)}: ${firstLine(failureMessages[0])}`);
  if (status === 'failed' && failed.length === 0) print(`${file}: ${firstLine(message)}`);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}

function firstLine(text = ''): string {
  return text.split('\n', 1)[0] ?? '';
}
