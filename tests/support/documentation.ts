/** The README's tables as the code has them, formatted as Prettier wants them. */
import { format } from 'prettier';
import { usage } from '../../clients/doctor/src/options.js';
import { aims, say, type Aim } from '../../bench/aims.js';
import { operatorVariables } from '../../src/config/variables.js';
import { errorTable } from '../../src/errors.js';
import { reasonTable } from '../../src/session/reasons.js';
import { causes, type Cause } from './causes.js';

/** Names of the README's tables and of the doctor's usage: each stands between `<!-- name -->` and `<!-- /name -->`. */
export const tables = {
  variables: () =>
    table(
      ['Variable', 'Default', 'Meaning'],
      Object.entries(operatorVariables.shape).map(([name, schema]) => {
        const preset = schema.parse(undefined);
        return [code(name), preset === undefined ? '' : code(String(preset)), schema.description];
      }),
    ),
  errors: () =>
    table(
      ['Code', 'Status', 'Message'],
      Object.entries(errorTable).map(([name, { status, message }]) => [
        code(name),
        String(status),
        message,
      ]),
    ),
  reasons: () =>
    table(
      ['Reason', 'Means', 'What to change'],
      Object.entries(reasonTable).map(([name, { meaning, fix }]) => [
        code(name),
        meaning,
        fix === '' ? 'nothing' : fix,
      ]),
    ),
  causes: () =>
    table(
      ['Cause', 'Who says so'],
      causes.map((cause) => [cause.cause, witnesses(cause)]),
    ),
  aims: () =>
    table(
      ['Measure', 'Aim'],
      Object.values<Aim>(aims).flatMap(({ title, unit, aim }) =>
        aim === undefined ? [] : [[title, `${say(aim)} ${unit}`]],
      ),
    ),
  doctor: () => `\`\`\`\n${usage}\`\`\`\n`,
};

export type TableName = keyof typeof tables;

/** The document with the text between a table's markers replaced by what the code has. @throws as replaceBetween */
export async function withTable(document: string, name: TableName): Promise<string> {
  return replaceBetween(document, name, await tables[name]());
}

/** @throws when the markers `<!-- name -->` and `<!-- /name -->` are not there exactly once, in this order */
export function replaceBetween(document: string, name: string, content: string): string {
  const [before, between, after, ...more] = document.split(
    new RegExp(`(?<=<!-- ${name} -->)|(?=<!-- /${name} -->)`),
  );
  if (before === undefined || between === undefined || after === undefined || more.length > 0) {
    throw new Error(`<!-- ${name} --> … <!-- /${name} --> must stand there exactly once`);
  }
  return `${before}\n\n${content}\n${after}`;
}

const parties = {
  start: 'start',
  log: 'log',
  doctor: 'doctor',
  page: 'page',
  api: 'API',
} as const satisfies Partial<Record<keyof Cause, string>>;

function witnesses(cause: Cause): string {
  const told = Object.entries(parties).flatMap(([party, name]) => {
    const witness = cause[party as keyof typeof parties];
    return witness === undefined ? [] : [`${name}: ${[witness[0]].flat().map(code).join(', ')}`];
  });
  return (
    cause.never === undefined ? told : [...told, 'this service and its clients never do it']
  ).join('; ');
}

const code = (text: string) => `\`${text}\``;

/** A Markdown table as Prettier has it. */
export function table(head: readonly string[], rows: readonly (readonly (string | undefined)[])[]) {
  const line = (cells: readonly (string | undefined)[]) =>
    `| ${cells.map((cell = '') => cell.replaceAll('|', '\\|')).join(' | ')} |\n`;
  const markdown = [head, head.map(() => '---'), ...rows].map(line).join('');
  return format(markdown, { parser: 'markdown', printWidth: 100 });
}
