/** Markdown building blocks of the generated parts, formatted as Prettier formats them. */
import { format } from 'prettier';

export const code = (text: string) => `\`${text}\``;

/** A Markdown table; an undefined cell is an empty one. */
export function table(
  head: readonly string[],
  rows: readonly (readonly (string | undefined)[])[],
): Promise<string> {
  const line = (cells: readonly (string | undefined)[]) =>
    `| ${cells.map((cell = '') => cell.replaceAll('|', '\\|')).join(' | ')} |\n`;
  const markdown = [head, head.map(() => '---'), ...rows].map(line).join('');
  return format(markdown, { parser: 'markdown', printWidth: 100 });
}

/** @throws unless the markers `<!-- name -->` and `<!-- /name -->` occur exactly once, in this order */
export function replaceBetween(document: string, name: string, content: string): string {
  const [before, between, after, ...more] = document.split(
    new RegExp(`(?<=<!-- ${name} -->)|(?=<!-- /${name} -->)`),
  );
  if (before === undefined || between === undefined || after === undefined || more.length > 0) {
    throw new Error(`<!-- ${name} --> … <!-- /${name} --> must occur exactly once`);
  }
  return `${before}\n\n${content}\n${after}`;
}
