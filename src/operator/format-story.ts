/** Prints a story for people: the newest event first, the diagnosis last, where the eye is when the command ends. */
import { inspect } from 'node:util';
import { printable } from '../log/printable.js';
import { describeOlder, type Story } from '../features/explain.js';

interface Terminal {
  /** Characters in a line. */
  readonly width: number;
  readonly isColored: boolean;
}

type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

const styles: Readonly<Record<Story['events'][number]['outcome'], Style>> = {
  success: 'green',
  pending: 'yellow',
  refused: 'yellow',
  failed: 'red',
};

const timeWidth = 28;

export function formatStory(
  { user, events, diagnosis, older }: Story,
  now: Date,
  terminal: Terminal,
): string {
  const { width, isColored } = terminal;
  const paint = (style: Style, text: string) => {
    const [open, close] = inspect.colors[style] ?? [0, 0];
    return isColored ? `\u001b[${open}m${text}\u001b[${close}m` : text;
  };
  const indent = ' '.repeat(timeWidth);
  const who = user === null ? 'no such account' : `${printable(user.email)} (${user.id})`;
  const lines = events.flatMap(({ at, outcome, sentence, fix }) => {
    const when = `${isoMinutes(at)}  ${relative(at, now)}`.padEnd(timeWidth);
    const [first = '', ...rest] = wrap(sentence, width - timeWidth);
    return [
      `${paint('dim', when)}${paint(styles[outcome], first)}`,
      ...rest.map((text) => `${indent}${paint(styles[outcome], text)}`),
      ...(fix === null
        ? []
        : wrap(`→ ${fix}`, width - timeWidth).map((text) => `${indent}${paint('cyan', text)}`)),
    ];
  });
  return [
    paint('bold', who),
    '',
    ...(lines.length === 0 && older === null ? ['nothing is recorded'] : lines),
    ...(older === null ? [] : [paint('dim', describeOlder(older))]),
    '',
    ...wrap(`${diagnosis.sentence} (${diagnosis.code})`, width).map((text) => paint('bold', text)),
    ...wrap(`→ ${diagnosis.fix}`, width).map((text) => paint('cyan', text)),
    '',
  ].join('\n');
}

/** At blanks; a longer word has a line of its own. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of printable(text).split(' ')) {
    if (line !== '' && line.length + 1 + word.length > Math.max(width, 20)) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

function isoMinutes(date: Date): string {
  return `${date.toISOString().slice(0, 16)}Z`;
}

const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
] as const;

function relative(at: Date, now: Date): string {
  const ms = now.getTime() - at.getTime();
  for (const [unit, length] of units)
    if (ms >= length) return `${Math.floor(ms / length)} ${unit} ago`;
  return 'now';
}
