/** The checklist as a person reads it: a line for what is well, three more for what is not. */
import { styleText } from 'node:util';
import type { Finding, Status } from './finding.js';
import type { SectionFinding } from './examine.js';

type Style = Parameters<typeof styleText>[0];

const marks: Record<Status, { mark: string; style: Style }> = {
  ok: { mark: '✓', style: 'green' },
  warn: { mark: '!', style: 'yellow' },
  fail: { mark: '✗', style: 'red' },
  unknown: { mark: '–', style: 'cyan' },
};

/** Anything but a terminal, and NO_COLOR, gets plain text. */
type Paint = (style: Style, text: string) => string;

export function createChecklist(paint: Paint) {
  let latest = '';
  return function lines({ section, ...finding }: SectionFinding): string {
    const heading = section === latest ? '' : `\n${paint('bold', section)}\n`;
    latest = section;
    return heading + entry(finding, paint);
  };
}

/** Colours where the stream shows them. */
export function paintFor(stream: NodeJS.WriteStream): Paint {
  return (style, text) => styleText(style, text, { stream, validateStream: true });
}

function entry({ status, seen, why, fix }: Finding, paint: Paint): string {
  const { mark, style } = marks[status];
  const more = [why, fix && `→ ${fix}`].filter((line) => line !== undefined && line !== '');
  return [`  ${paint(style, mark)} ${seen}`, ...more.map((line) => `    ${line}`), ''].join('\n');
}

export function summary(findings: readonly Finding[], paint: Paint): string {
  const count = (status: Status) => findings.filter((finding) => finding.status === status).length;
  const parts = (Object.keys(marks) as Status[])
    .filter((status) => count(status) > 0)
    .map((status) => paint(marks[status].style, `${marks[status].mark} ${count(status)}`));
  return `\n${parts.join('   ')}\n`;
}
