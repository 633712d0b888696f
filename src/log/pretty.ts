/** Formats a JSON log line for people: one line per request, and the fix of a finding below it. */
import { inspect } from 'node:util';
import { printable } from './printable.js';

type Fields = Record<string, unknown>;
type Color = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

const maxTextLength = 2_000;
/** Shown elsewhere in the line, or only useful to machines. */
const hidden = new Set(['level', 'time', 'msg', 'code', 'variable', 'fix', 'hint', 'seen', 'err']);
const levelColors: Record<string, Color> = { warn: 'yellow', error: 'red', fatal: 'red' };

export function createPretty({ isColored }: { readonly isColored: boolean }) {
  const paint = (color: Color, text: string) => {
    const [open, close] = inspect.colors[color] ?? [0, 0];
    return isColored && text !== '' ? `\u001b[${open}m${text}\u001b[${close}m` : text;
  };

  /** @param line JSON; anything else is returned unchanged except for escaped control characters */
  return function pretty(line: string): string {
    const fields = parse(line);
    if (fields === undefined) return `${line.trimEnd().split('\n').map(printable).join('\n')}\n`;
    const lines = fields.msg === 'request' ? requestLines(fields) : otherLines(fields);
    const [first = '', ...more] = lines.filter((text) => text !== '');
    const indented = more.map((text) => `           ${text}\n`).join('');
    return `${paint('dim', timeOf(fields.time))}  ${first}\n${indented}`;
  };

  /** Objects follow on lines of their own: requested details, or fixes such as the schema differences of /ready. */
  function requestLines(fields: Fields): string[] {
    return [requestLine(fields), ...rest(fields, (name) => typeof fields[name] !== 'object')];
  }

  /** All other fields are only in the JSON of `LOG_FORMAT=json`. */
  function requestLine(fields: Fields): string {
    const status = Number(fields.status);
    const color: Color = status >= 500 ? 'red' : status >= 400 ? 'yellow' : 'green';
    const isSuccess = status < 400;
    const hints = [isSuccess ? undefined : fields.hint, fields.originHint, fields.refreshHint];
    return [
      text(fields.method),
      text(fields.path),
      paint(color, text(fields.status)),
      paint('dim', `${Math.round(Number(fields.durationMs))} ms`),
      paint(isSuccess ? 'dim' : color, text(fields.reason ?? fields.code)),
      fields.aborted === true ? paint('yellow', 'aborted') : '',
      ...hints.map(arrow),
      status >= 500 ? paint('dim', `requestId=${text(fields.requestId)}`) : '',
    ]
      .filter((part) => part !== '')
      .join(' ');
  }

  function otherLines(fields: Fields): string[] {
    const level = text(fields.level);
    const title = [text(fields.code), text(fields.msg)].filter((part) => part !== '').join('  ');
    const color = levelColors[level];
    const first = color ? `${paint(color, level.toUpperCase())} ${paint(color, title)}` : title;
    const found = text(fields.seen);
    if (fields.msg === 'startup') return [paint('bold', 'startup'), ...startupLines(fields)];
    return [
      first,
      found,
      arrow(fields.fix ?? fields.hint),
      ...errorLines(fields.err),
      ...rest(fields),
    ];
  }

  /** Findings have lines of their own. */
  function startupLines(fields: Fields): string[] {
    return rest(fields, (name) => name === 'findings');
  }

  function arrow(fix: unknown): string {
    return fix === undefined ? '' : paint('cyan', `→ ${text(fix)}`);
  }

  /** All fields not shown elsewhere: scalar values on one line, each object on its own line. */
  function rest(fields: Fields, isExcluded: (name: string) => boolean = () => false): string[] {
    const left = Object.entries(fields).filter(
      ([name, value]) => !hidden.has(name) && !isExcluded(name) && value !== undefined,
    );
    const single = left.filter(([, value]) => typeof value !== 'object' || value === null);
    const deep = left.filter(([, value]) => typeof value === 'object' && value !== null);
    return [
      single.map(([name, value]) => `${printable(name)}=${text(value)}`).join(' '),
      ...deep.map(([name, value]) => `${printable(name)} ${text(value)}`),
    ].map((line) => (line === '' ? '' : paint('dim', line)));
  }

  function errorLines(error: unknown): string[] {
    if (typeof error !== 'object' || error === null) return [];
    const { type, code, message, statement, stack, cause } = error as Fields;
    const head = [type, code, message]
      .filter((part) => part !== undefined)
      .map(text)
      .join(' ');
    const frames = Array.isArray(stack)
      ? stack.map((frame) => paint('dim', `  ${text(frame)}`))
      : [];
    return [head, statement === undefined ? '' : text(statement), ...frames, ...errorLines(cause)];
  }
}

function parse(line: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Fields) : undefined;
  } catch {
    return undefined;
  }
}

function text(value: unknown): string {
  if (value === undefined) return '';
  const whole = typeof value === 'string' ? value : JSON.stringify(value);
  return printable(whole.slice(0, maxTextLength));
}

function timeOf(time: unknown): string {
  const date = new Date(typeof time === 'string' ? time : NaN);
  return Number.isNaN(date.getTime()) ? '--:--:--' : date.toTimeString().slice(0, 8);
}
