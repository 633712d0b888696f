/** HTML in which every value is escaped. */
import { escapeHtml } from '../../../escape-html.js';

/** Text that is HTML already. */
export class Html {
  constructor(readonly text: string) {}
}

type Value = Html | string | number | null | undefined | readonly Value[];

/** A template whose values are escaped, unless they are `Html`. */
export function markup(strings: TemplateStringsArray, ...values: readonly Value[]): Html {
  return new Html(strings.map((part, index) => part + render(values[index])).join(''));
}

const longest = 500;

function render(value: Value): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'object') return value.map(render).join('');
  return escaped(String(value));
}

/** Bounded, and without control characters and those that reverse the text around them. */
function escaped(text: string): string {
  const shown = text.length > longest ? `${text.slice(0, longest)}…` : text;
  return escapeHtml(shown.replace(/[\p{C}\u2028\u2029]/gu, '\ufffd'));
}
