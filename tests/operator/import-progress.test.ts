/** The progress of an import: a bar that is redrawn in a terminal, few lines elsewhere. */
import { expect, test } from 'vitest';
import { createProgress } from '../../src/operator/import/progress.js';

const counts = { imported: 500, existed: 20, refused: {}, omitted: {} };

function capture(isTTY: boolean, isDryRun = false) {
  let text = '';
  let time = 0;
  const output = { isTTY, write: (part: string) => (text += part) };
  const progress = createProgress(output, { size: 1_000, isDryRun, clock: () => time });
  return { progress, text: () => text, wait: (ms: number) => void (time += ms) };
}

test('in a terminal, a bar replaces the one before, and lines are written above it', () => {
  const { progress, text, wait } = capture(true);
  wait(200);
  progress.show(counts, 250);
  expect(text()).toBe('[======                  ] 25 %, 500 imported, 20 existed');
  progress.line('line 3: email_missing');
  expect(text()).toContain('\r\u001b[2Kline 3: email_missing\n[======');
  progress.end();
  expect(text().endsWith('\r\u001b[2K')).toBe(true);
});

test('elsewhere, one line every ten seconds without control characters', () => {
  const { progress, text, wait } = capture(false);
  for (let second = 0; second < 25; second += 1) {
    wait(1_000);
    progress.show(counts, second * 40);
  }
  progress.end();
  expect(text()).toBe('36 %, 500 imported, 20 existed\n76 %, 500 imported, 20 existed\n');
});

test('a dry run does not claim that anything was imported', () => {
  const { progress, text, wait } = capture(false, true);
  wait(10_000);
  progress.show(counts, 500);
  expect(text()).toBe('50 %, 500 to import, 20 existed\n');
});
