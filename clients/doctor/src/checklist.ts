/** The findings as a checklist: one line for each passed check, up to three for the others. */
import { styleText } from 'node:util';
import type { Finding, Status } from './finding.js';
import type { SectionFinding } from './run-checks.js';

type Style = Parameters<typeof styleText>[0];

const marks: Record<Status, { mark: string; style: Style }> = {
  ok: { mark: '✓', style: 'green' },
  warn: { mark: '!', style: 'yellow' },
  fail: { mark: '✗', style: 'red' },
  unknown: { mark: '–', style: 'cyan' },
};

type Paint = (style: Style, text: string) => string;

/** @returns a function that formats one finding, with a heading where a new section begins */
export function createChecklist(paint: Paint) {
  let currentSection = '';
  return function formatFinding({ section, ...finding }: SectionFinding): string {
    const heading = section === currentSection ? '' : `\n${paint('bold', section)}\n`;
    currentSection = section;
    return heading + formatEntry(finding, paint);
  };
}

/** Colours only where the stream is a terminal that shows them; NO_COLOR and FORCE_COLOR override that. */
export function paintFor(stream: NodeJS.WriteStream): Paint {
  return (style, text) => styleText(style, text, { stream, validateStream: true });
}

function formatEntry({ status, message, impact, fix }: Finding, paint: Paint): string {
  const { mark, style } = marks[status];
  const details = [impact, fix && `→ ${fix}`].filter((line) => line !== undefined && line !== '');
  return [`  ${paint(style, mark)} ${message}`, ...details.map((line) => `    ${line}`), ''].join(
    '\n',
  );
}

/** The number of findings of each status. */
export function summary(findings: readonly Finding[], paint: Paint): string {
  const count = (status: Status) => findings.filter((finding) => finding.status === status).length;
  const parts = (Object.keys(marks) as Status[])
    .filter((status) => count(status) > 0)
    .map((status) => paint(marks[status].style, `${marks[status].mark} ${count(status)}`));
  return `\n${parts.join('   ')}\n`;
}
